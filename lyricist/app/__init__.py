"""The Textual application. Nothing here imports torch."""
