"""What is kept on disk: folders, documents, drafts, settings, models."""
