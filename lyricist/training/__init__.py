"""From a corpus to a trained model: sampling, the loop, recipes, and the events a run reports."""
