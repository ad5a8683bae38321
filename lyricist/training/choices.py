"""The names that may be chosen for a training run; without torch, since forms offer them too."""

OPTIMIZERS = ("sgd", "adamw")
SCHEDULES = ("constant", "plateau", "one-cycle")
SAMPLINGS = ("random", "consecutive")
