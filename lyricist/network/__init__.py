"""The recurrent network: cells, model, stepping decoder, checkpoint and its card."""
