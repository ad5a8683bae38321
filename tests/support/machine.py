"""What this processor can do, for tests of what not every processor can."""

import functools

import numpy as np
import torch
from onnx import TensorProto, helper

from lyricist.network.silent_onnxruntime import onnxruntime


@functools.cache
def adds_int8_exactly():
    """Whether products of bytes are added without saturating at 16 bits, as AVX2 alone does."""
    numbers = [
        helper.make_tensor_value_info("a", TensorProto.UINT8, [1, 64]),
        helper.make_tensor_value_info("c", TensorProto.INT32, [1, 64]),
    ]
    weights = helper.make_tensor("b", TensorProto.INT8, [64, 64], [127] * 64 * 64)
    node = helper.make_node("MatMulInteger", ["a", "b"], ["c"])
    graph = helper.make_graph([node], "exact", numbers[:1], numbers[1:], [weights])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
    session = onnxruntime.InferenceSession(model.SerializeToString())
    (found,) = session.run(None, {"a": np.full((1, 64), 255, np.uint8)})
    return bool((found == 64 * 255 * 127).all())


@functools.cache
def trains_in_bf16():
    """Whether the processor has all that an LSTM needs in bf16."""
    try:
        with torch.autocast("cpu", dtype=torch.bfloat16):
            torch.nn.LSTM(8, 8)(torch.zeros(2, 1, 8))[0].float().sum().backward()
    except RuntimeError:
        return False
    return True
