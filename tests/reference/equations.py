"""The tutorial's equations, transcribed literally in plain tensor operations.

Slow on purpose: one-hot rows, full matrix products, one step at a time. The package is tested
against this file; nothing in the package uses it.
"""

import torch


def one_hot(indices, vocabulary_size):
    """(batch,) indices -> (batch, vocabulary) rows with a single one."""
    rows = torch.zeros(len(indices), vocabulary_size)
    for row, index in enumerate(indices):
        rows[row, index] = 1.0
    return rows


def rnn_step(x, h, w_xh, w_hh, b_h, phi=torch.tanh):
    """H_t = φ(X_t W_xh + H_{t-1} W_hh + b_h)."""
    return phi(x @ w_xh + h @ w_hh + b_h)


def gru_step(x, h, w_x, w_h, b_x, b_h):
    """Gates r, z and candidate n in this order along the last axis of the weights.

    R = σ(X W_xr + H W_hr + b), Z = σ(X W_xz + H W_hz + b),
    N = tanh(X W_xn + b_xn + R ⊙ (H W_hn + b_hn)), H' = Z ⊙ H + (1 - Z) ⊙ N.
    """
    n = h.shape[1]
    from_x, from_h = x @ w_x + b_x, h @ w_h + b_h
    r = torch.sigmoid(from_x[:, :n] + from_h[:, :n])
    z = torch.sigmoid(from_x[:, n : 2 * n] + from_h[:, n : 2 * n])
    candidate = torch.tanh(from_x[:, 2 * n :] + r * from_h[:, 2 * n :])
    return z * h + (1 - z) * candidate


def lstm_step(x, h, c, w_x, w_h, b_x, b_h):
    """Gates i, f, g, o in this order.

    I, F, O = σ(X W_x + H W_h + b), G = tanh(...), C' = F ⊙ C + I ⊙ G, H' = O ⊙ tanh(C').
    """
    n = h.shape[1]
    gates = x @ w_x + b_x + h @ w_h + b_h
    i = torch.sigmoid(gates[:, :n])
    f = torch.sigmoid(gates[:, n : 2 * n])
    g = torch.tanh(gates[:, 2 * n : 3 * n])
    o = torch.sigmoid(gates[:, 3 * n :])
    c = f * c + i * g
    return o * torch.tanh(c), c


def clip(gradients, theta):
    """g <- min(θ / ‖g‖, 1) · g with the norm over all gradients together."""
    norm = torch.sqrt(sum((g**2).sum() for g in gradients))
    factor = min(theta / norm.item(), 1.0)
    return [factor * g for g in gradients]


def forward(model, indices):
    """Logits (batch, num_steps, vocabulary) of a `CharRNN` by the equations above."""
    weights = {name: tensor.detach() for name, tensor in model.state_dict().items()}
    config = model.config
    batch, num_steps = indices.shape
    hidden = [torch.zeros(batch, config.hidden_size) for _ in range(config.num_layers)]
    memory = [torch.zeros(batch, config.hidden_size) for _ in range(config.num_layers)]
    phi = torch.tanh if config.activation == "tanh" else torch.relu
    logits = []
    for t in range(num_steps):
        x = one_hot(indices[:, t], config.vocabulary_size)
        for layer in range(config.num_layers):
            name = f"layers.{layer}"
            w_h, b_h = weights[f"{name}.weight_hh"].T, weights[f"{name}.bias_hh"]
            if layer == 0 and config.embedding_size == 0:
                w_x, b_x = weights[f"{name}.weight_xh"], torch.zeros_like(b_h)
            else:
                if layer == 0:
                    x = x @ weights["embedding"]
                w_x, b_x = weights[f"{name}.weight_ih"].T, weights[f"{name}.bias_ih"]
            if config.cell == "rnn":
                hidden[layer] = rnn_step(x, hidden[layer], w_x, w_h, b_x + b_h, phi)
            elif config.cell == "gru":
                hidden[layer] = gru_step(x, hidden[layer], w_x, w_h, b_x, b_h)
            else:
                hidden[layer], memory[layer] = lstm_step(
                    x, hidden[layer], memory[layer], w_x, w_h, b_x, b_h
                )
            x = hidden[layer]
        if config.tied:
            if "projection.weight" in weights:
                x = x @ weights["projection.weight"].T + weights["projection.bias"]
            logits.append(x @ weights["embedding"].T + weights["bias_q"])
        else:
            logits.append(x @ weights["weight_hq"].T + weights["bias_q"])
    return torch.stack(logits, dim=1)
