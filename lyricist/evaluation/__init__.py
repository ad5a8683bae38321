"""How good a model is on held-out songs: perplexity, adaptation, comparison, keystrokes saved."""
