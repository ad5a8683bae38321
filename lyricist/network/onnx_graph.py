"""A network as ONNX graphs, of a step and of the output layer, with int8 or fp32 weights.

int8: each column of a matrix has its own scale, the rows fed in are quantized as they come
(`DynamicQuantizeMatMul` of ONNX Runtime). What enters the first layer is looked up outside (see
`onnx_decoder`), for with embeddings quantized as well, fewer first choices agree with fp32's.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, TensorProto, ValueInfoProto, helper, numpy_helper

from lyricist.network.config import NUM_GATES, ModelConfig
from lyricist.network.weights import Weights

_CONTRIB = "com.microsoft"
_OPSETS = (helper.make_opsetid("", 18), helper.make_opsetid(_CONTRIB, 1))
_IR_VERSION = 10


@dataclass(frozen=True)
class Precision:
    """levels: the largest quantized weight; 0 keeps fp32. CPUs without dot-product instructions add
    two products in 16 bits, which 7-bit weights (63) cannot overflow."""

    name: str
    levels: int


PRECISIONS = (Precision("int8", 127), Precision("int8, 7 bits", 63), Precision("fp32", 0))


@dataclass
class _Graph:
    """Nodes and weights of a graph that grows."""

    precision: Precision
    nodes: list[NodeProto] = field(default_factory=list)
    initializers: list[TensorProto] = field(default_factory=list)

    def add(self, operator: str, inputs: list[str], output: str, domain: str = "") -> str:
        """Append a node and return its output's name."""
        self.nodes.append(helper.make_node(operator, inputs, [output], domain=domain))
        return output

    def split(self, name: str, parts: int) -> list[str]:
        """Split a value's columns into equal parts."""
        outputs = [f"{name}.{part}" for part in range(parts)]
        self.nodes.append(helper.make_node("Split", [name], outputs, axis=1, num_outputs=parts))
        return outputs

    def constant(self, name: str, array: NDArray) -> str:
        """Add a weight."""
        self.initializers.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def linear(self, inputs: str, weight: NDArray, bias: NDArray, output: str) -> str:
        """inputs (batch, K) times weight (N, K) transposed, plus bias (N,)."""
        bias_name = self.constant(f"{output}.bias", bias)
        if not self.precision.levels:
            name = self.constant(f"{output}.weight", weight.T)
            return self.add("Gemm", [inputs, name, bias_name], output)
        quantized, scale = _quantized(weight.T, self.precision.levels)
        operands = [
            inputs,
            self.constant(f"{output}.weight", quantized),
            self.constant(f"{output}.scale", scale),
            "",
            bias_name,
        ]
        return self.add("DynamicQuantizeMatMul", operands, output, domain=_CONTRIB)

    def widen(self, name: str, output: str) -> str:
        """Turn fp16 into fp32."""
        self.nodes.append(helper.make_node("Cast", [name], [output], to=TensorProto.FLOAT))
        return output

    def model(self, inputs: list[ValueInfoProto], outputs: list[ValueInfoProto]) -> bytes:
        """Serialize."""
        graph = helper.make_graph(self.nodes, "lyricist", inputs, outputs, self.initializers)
        made: ModelProto = helper.make_model(
            graph, opset_imports=_OPSETS, ir_version=_IR_VERSION, producer_name="lyricist"
        )
        return made.SerializeToString()


def step_graph(
    config: ModelConfig, weights: Weights, precision: Precision, with_logits: bool
) -> bytes:
    """One step of all layers, and where wanted the output layer behind it.

    Inputs: `x`, the first layer's input times W_xh plus bias (batch, gates * hidden) as fp16; `h0`,
    `h1`, ... and for the LSTM `c0`, `c1`, ... (batch, hidden). Outputs: `h0.new`, `c0.new` and so
    on, then `logits` (batch, vocabulary).
    """
    graph = _Graph(precision)
    inputs = [_value("x", NUM_GATES[config.cell] * config.hidden_size, TensorProto.FLOAT16)]
    outputs: list[ValueInfoProto] = []
    projected = graph.widen("x", "x0")
    for layer in range(config.num_layers):
        name = f"layers.{layer}"
        if layer:
            projected = graph.linear(
                f"h{layer - 1}.new",
                weights[f"{name}.weight_ih"],
                weights[f"{name}.bias_ih"],
                f"x{layer}",
            )
        recurrent = graph.linear(
            f"h{layer}", weights[f"{name}.weight_hh"], weights[f"{name}.bias_hh"], f"r{layer}"
        )
        for part in _CELLS[config.cell](graph, config, layer, projected, recurrent):
            inputs.append(_value(part, config.hidden_size))
            outputs.append(_value(f"{part}.new", config.hidden_size))
    if with_logits:
        outputs.append(_output_layer(graph, config, weights, f"h{config.num_layers - 1}.new"))
    return graph.model(inputs, outputs)


def output_graph(config: ModelConfig, weights: Weights, precision: Precision) -> bytes:
    """The output layer: `h` (batch, hidden) to `logits` (batch, vocabulary)."""
    graph = _Graph(precision)
    logits = _output_layer(graph, config, weights, "h")
    return graph.model([_value("h", config.hidden_size)], [logits])


def _output_layer(
    graph: _Graph, config: ModelConfig, weights: Weights, features: str
) -> ValueInfoProto:
    output = weights.get("weight_hq")
    if output is None:
        output = weights["embedding"]
        if "projection.weight" in weights:
            weight, bias = weights["projection.weight"], weights["projection.bias"]
            features = graph.linear(features, weight, bias, "features")
    graph.linear(features, output, weights["bias_q"], "logits")
    return _value("logits", config.vocabulary_size)


def _rnn(graph: _Graph, config: ModelConfig, layer: int, x: str, recurrent: str) -> tuple[str, ...]:
    graph.add("Add", [x, recurrent], f"g{layer}")
    graph.add("Tanh" if config.activation == "tanh" else "Relu", [f"g{layer}"], f"h{layer}.new")
    return (f"h{layer}",)


def _gru(graph: _Graph, config: ModelConfig, layer: int, x: str, recurrent: str) -> tuple[str, ...]:
    x_r, x_z, x_n = graph.split(x, 3)
    h_r, h_z, h_n = graph.split(recurrent, 3)
    reset = graph.add("Sigmoid", [graph.add("Add", [x_r, h_r], f"sr{layer}")], f"r{layer}.gate")
    update = graph.add("Sigmoid", [graph.add("Add", [x_z, h_z], f"sz{layer}")], f"z{layer}.gate")
    kept = graph.add("Mul", [reset, h_n], f"kept{layer}")
    candidate = graph.add("Tanh", [graph.add("Add", [x_n, kept], f"sn{layer}")], f"n{layer}")
    # n + z * (h - n)
    change = graph.add("Sub", [f"h{layer}", candidate], f"d{layer}")
    graph.add("Add", [candidate, graph.add("Mul", [update, change], f"zd{layer}")], f"h{layer}.new")
    return (f"h{layer}",)


def _lstm(
    graph: _Graph, config: ModelConfig, layer: int, x: str, recurrent: str
) -> tuple[str, ...]:
    gates = graph.split(graph.add("Add", [x, recurrent], f"g{layer}"), 4)
    input_gate, forget_gate, output_gate = (
        graph.add("Sigmoid", [gates[number]], f"{letter}{layer}.gate")
        for number, letter in ((0, "i"), (1, "f"), (3, "o"))
    )
    candidate = graph.add("Tanh", [gates[2]], f"n{layer}")
    kept = graph.add("Mul", [forget_gate, f"c{layer}"], f"kept{layer}")
    written = graph.add("Mul", [input_gate, candidate], f"written{layer}")
    memory = graph.add("Add", [kept, written], f"c{layer}.new")
    graph.add("Mul", [output_gate, graph.add("Tanh", [memory], f"t{layer}")], f"h{layer}.new")
    return f"h{layer}", f"c{layer}"


_CELLS = {"rnn": _rnn, "gru": _gru, "lstm": _lstm}


def _quantized(weight: NDArray, levels: int) -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    """Return whole numbers of at most `levels` and the scale of each column."""
    scale = np.abs(weight).max(axis=0) / levels
    scale[scale == 0] = 1.0
    return np.rint(weight / scale).astype(np.int8), scale.astype(np.float32)


def _value(name: str, width: int, kind: int = TensorProto.FLOAT) -> ValueInfoProto:
    """Declare (batch, width)."""
    return helper.make_tensor_value_info(name, kind, ["batch", width])
