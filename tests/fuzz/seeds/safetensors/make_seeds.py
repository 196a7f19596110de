"""Writes the seeds beside this file: small traces and hostile files. The name says what a reader must do:

  ok_*         reads as a trace
  bad_trace_*  reads as safetensors, but is no trace
  bad_file_*   is not even safetensors

Only the standard library is needed. Findings of the fuzzer are added here, as bytes or as a case.
"""
import copy
import json
import pathlib
import struct

HERE = pathlib.Path(__file__).parent
CODES = {"F32": "f", "F64": "d", "I64": "q"}
EXPERIMENT = json.dumps({
    "model": {"loss": "categorical_crossentropy",
              "layers": [{"units": 2, "activation": "softmax", "kernel_initializer": "glorot_uniform"}]},
    "optimizer": {"name": "SGD", "lr": 0.01},
    "callbacks": [],
    "fit": {"epochs": 2, "batch_size": 2, "shuffle": False}})
NAN = float("nan")


def trace(reals="F32"):
    """A run of 3 training rows, 2 features, 2 classes, one layer: as (dtype, shape, values) by name."""
    return {
        "data/train/x": (reals, [3, 2], [0.5, 1, -1, 2, 3, 0.25]),
        "data/train/y": ("I64", [3], [0, 1, 1]),
        "data/test/x": (reals, [1, 2], [1, 1]),
        "data/test/y": ("I64", [1], [0]),
        "init/dense_0/kernel": (reals, [2, 2], [0.1, 0.2, 0.3, 0.4]),
        "init/dense_0/bias": (reals, [2], [0, 0]),
        "epoch/loss": (reals, [2], [0.7, 0.6]),
    }


def everything():
    tensors = trace("F64")
    tensors["order"] = ("I64", [2, 3], [0, 1, 2, 2, 0, 1])
    tensors["step/index"] = ("I64", [2], [0, 3])
    tensors["epoch/index"] = ("I64", [1], [1])
    tensors["step/loss"] = tensors["step/lr"] = ("F64", [2], [0.7, NAN])
    for column in ("accuracy", "val_loss", "val_accuracy", "lr"):
        tensors["epoch/" + column] = ("F64", [2], [0.5, float("inf")])
    for prefix, leading in (("step/grad", [2]), ("step/param", [2]), ("step/slot/moment", [2]),
                            ("epoch/param", [1]), ("final/slot/moment", [])):
        for parameter, shape in (("kernel", [2, 2]), ("bias", [2])):
            size = 1
            for dimension in leading + shape:
                size *= dimension
            tensors[f"{prefix}/dense_0/{parameter}"] = ("F64", leading + shape, [0.125] * size)
    return tensors


def two_layers():
    tensors = trace()
    tensors["init/dense_1/kernel"] = ("F32", [2, 3], [1, 2, 3, 4, 5, 6])
    tensors["init/dense_1/bias"] = ("F32", [3], [0, 0, 0])
    tensors["data/train/y"] = ("I64", [3], [0, 1, 2])
    return tensors


def layout(tensors, metadata=None):
    """Header and data of a file in the order of `tensors`."""
    header = {"__metadata__": {"format": "touchstone-trace/1", "engine": "seed", "experiment": EXPERIMENT}
              if metadata is None else metadata}
    data = b""
    for name, (dtype, shape, values) in tensors.items():
        chunk = struct.pack(f"<{len(values)}{CODES[dtype]}", *values)
        header[name] = {"dtype": dtype, "shape": shape, "data_offsets": [len(data), len(data) + len(chunk)]}
        data += chunk
    return header, data


def join(header, data):
    text = header if isinstance(header, bytes) else json.dumps(header, ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    return struct.pack("<Q", len(text)) + text + data


def changed(**tensors):
    """The smallest trace with some tensors replaced, removed (None) or added; '__' in a name means '/'."""
    result = trace()
    for name, tensor in tensors.items():
        name = name.replace("__", "/")
        if tensor is None:
            del result[name]
        else:
            result[name] = tensor
    return join(*layout(result))


def with_header(change):
    """The smallest trace after `change` has edited its header."""
    header, data = layout(trace())
    header = copy.deepcopy(header)
    change(header)
    return join(header, data)


def with_entry(name, **fields):
    """The smallest trace with fields of one tensor's entry replaced, added or removed (None)."""
    def change(header):
        for field, value in fields.items():
            if value is None:
                del header[name][field]
            else:
                header[name][field] = value
    return with_header(change)


def raw(text, data=b""):
    return join(text.encode() if isinstance(text, str) else text, data)


def entry(dtype="F32", shape="[1]", offsets="[0,4]"):
    return f'{{"dtype":"{dtype}","shape":{shape},"data_offsets":{offsets}}}'


def files():
    smallest = join(*layout(trace()))
    four = b"\0" * 4
    yield "ok_smallest", smallest
    yield "ok_float64", join(*layout(trace("F64")))
    yield "ok_everything", join(*layout(everything()))
    yield "ok_two_layers", join(*layout(two_layers()))
    yield "ok_without_observations", changed(epoch__loss=None)
    yield "ok_without_engine", join(*layout(trace(), {"format": "touchstone-trace/1", "experiment": EXPERIMENT}))
    yield "ok_other_metadata", with_header(lambda h: h["__metadata__"].update(note="Grüße, 你好"))
    yield "ok_nan_observed", changed(epoch__loss=("F32", [2], [NAN, float("-inf")]))
    yield "ok_no_updates", changed(step__loss=("F32", [0], []))

    yield "bad_file_empty", b""
    yield "bad_file_seven_bytes", smallest[:7]
    yield "bad_file_length_only", smallest[:8]
    yield "bad_file_half_a_header", smallest[:200]
    yield "bad_file_last_byte_missing", smallest[:-1]
    yield "bad_file_byte_too_many", smallest + b"\0"
    yield "bad_file_huge_header", struct.pack("<Q", 2**64 - 1) + smallest[8:]
    yield "bad_file_wrapping_header", struct.pack("<Q", 2**64 - 8) + smallest[8:]
    yield "bad_file_header_above_limit", struct.pack("<Q", 100_000_001) + smallest[8:]
    yield "bad_file_header_beyond_file", struct.pack("<Q", len(smallest)) + smallest[8:]
    yield "bad_file_is_yaml", b"cell: 3\nkind: training\ntitle: Batch size\n"
    yield "bad_file_is_zip", b"PK\x03\x04\x14\0\0\0\0\0" + b"\0" * 64
    yield "bad_file_empty_header", raw("")
    yield "bad_file_blank_first", raw(" {}")
    yield "bad_file_byte_order_mark", raw(b"\xef\xbb\xbf{}")
    yield "bad_file_not_json", raw("{dtype: F32}")
    yield "bad_file_unclosed", raw('{"a":' + entry(), four)
    yield "bad_file_text_after_header", raw('{"a":' + entry() + '}{}', four)
    yield "bad_file_nul_after_header", raw(b"{}\0")
    yield "bad_file_hidden_behind_nul", raw(b'{}\0{"a":' + entry(shape="[0]", offsets="[0,0]").encode() + b'}')
    yield "bad_file_not_utf8", raw(b'{"\xff\xfe":' + entry().encode() + b'}', four)
    yield "bad_file_overlong_utf8", raw(b'{"\xc0\xaf":' + entry().encode() + b'}', four)
    yield "bad_file_lone_surrogate", raw('{"\\ud800":' + entry() + '}', four)
    yield "bad_file_array", raw("[]")
    yield "bad_file_duplicate_tensor", raw('{"a":' + entry() + ',"a":' + entry() + '}', four)
    yield "bad_file_duplicate_by_escape", raw('{"a":' + entry() + ',"\\u0061":' + entry() + '}', four)
    yield "bad_file_duplicate_field", raw('{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four)
    yield "bad_file_duplicate_metadata", raw('{"__metadata__":{},"__metadata__":{}}')
    yield "bad_file_duplicate_metadata_key", raw('{"__metadata__":{"a":"1","a":"2"}}')
    yield "bad_file_deep_arrays", raw('{"a":{"shape":' + "[" * 2000)
    yield "bad_file_deep_objects", raw('{"a":' * 2000)
    yield "bad_file_deep_metadata", raw('{"__metadata__":{"a":{"b":"c"}}}')
    yield "bad_file_metadata_number", with_header(lambda h: h["__metadata__"].update(seed=1))
    yield "bad_file_metadata_null", with_header(lambda h: h["__metadata__"].update(seed=None))
    yield "bad_file_metadata_is_text", with_header(lambda h: h.update(__metadata__="trace"))
    yield "bad_file_too_many_texts", with_header(lambda h: h["__metadata__"].update({str(i): "" for i in range(1000)}))
    yield "bad_file_tensor_is_null", raw('{"a":null}')
    yield "bad_file_dtype_f16", with_entry("epoch/loss", dtype="F16")
    yield "bad_file_dtype_lower_case", with_entry("epoch/loss", dtype="f32")
    yield "bad_file_dtype_number", with_entry("epoch/loss", dtype=32)
    yield "bad_file_missing_dtype", with_entry("epoch/loss", dtype=None)
    yield "bad_file_missing_shape", with_entry("epoch/loss", shape=None)
    yield "bad_file_missing_offsets", with_entry("epoch/loss", data_offsets=None)
    yield "bad_file_unknown_field", with_entry("epoch/loss", stride=[1])
    yield "bad_file_shape_text", with_entry("epoch/loss", shape="2")
    yield "bad_file_shape_negative", with_entry("epoch/loss", shape=[-2])
    yield "bad_file_shape_negative_twice", with_entry("epoch/loss", shape=[-1, -2])
    yield "bad_file_shape_fraction", with_entry("epoch/loss", shape=[2.0])
    yield "bad_file_shape_nested", with_entry("epoch/loss", shape=[[2]])
    yield "bad_file_shape_64_bits", with_entry("epoch/loss", shape=[2**64 - 1])
    yield "bad_file_shape_65_bits", with_entry("epoch/loss", shape=[2**64])
    yield "bad_file_shape_product_wraps", with_entry("epoch/loss", shape=[2**32, 2**32])
    yield "bad_file_shape_bytes_wrap_to_size", with_entry("epoch/loss", shape=[2**62 + 2])
    yield "bad_file_shape_many_dimensions", with_entry("epoch/loss", shape=[1] * 9)
    yield "bad_file_shape_too_large", with_entry("epoch/loss", shape=[3])
    yield "bad_file_shape_too_small", with_entry("epoch/loss", shape=[1])
    yield "bad_file_offsets_one", with_entry("epoch/loss", data_offsets=[0])
    yield "bad_file_offsets_three", with_entry("epoch/loss", data_offsets=[0, 8, 8])
    yield "bad_file_offsets_reversed", with_entry("epoch/loss", data_offsets=[8, 0])
    yield "bad_file_offsets_negative", with_entry("epoch/loss", data_offsets=[-8, 0])
    yield "bad_file_offsets_beyond", with_entry("epoch/loss", data_offsets=[2**63, 2**63 + 8])
    yield "bad_file_offsets_wrap", with_entry("epoch/loss", data_offsets=[2**64 - 8, 2**64 - 1])
    yield "bad_file_overlap", raw('{"a":' + entry() + ',"b":' + entry(offsets="[2,6]") + '}', b"\0" * 6)
    yield "bad_file_same_place", raw('{"a":' + entry() + ',"b":' + entry() + '}', four)
    yield "bad_file_hole", raw('{"a":' + entry() + ',"b":' + entry(offsets="[8,12]") + '}', b"\0" * 12)
    yield "bad_file_hole_at_begin", raw('{"a":' + entry(offsets="[4,8]") + '}', b"\0" * 8)

    yield "bad_trace_no_tensors", raw("{}")
    yield "bad_trace_no_metadata", join(*layout(trace(), {}))
    yield "bad_trace_other_format", with_header(lambda h: h["__metadata__"].update(format="pt"))
    yield "bad_trace_other_version", with_header(lambda h: h["__metadata__"].update(format="touchstone-trace/2"))
    yield "bad_trace_no_experiment", with_header(lambda h: h["__metadata__"].pop("experiment"))
    yield "bad_trace_unknown_tensor", changed(step__parm__dense_0__kernel=("F32", [1, 2, 2], [1, 2, 3, 4]))
    yield "bad_trace_unknown_slot", changed(final__slot__momentum__dense_0__bias=("F32", [2], [0, 0]))
    yield "bad_trace_escapes_in_name", with_header(lambda h: h.update(
        {"\u001b[2J\r\nall is well\u009b": {"dtype": "F32", "shape": [0], "data_offsets": [0, 0]}}))
    yield "bad_trace_layer_gap", changed(init__dense_2__bias=("F32", [2], [0, 0]))
    yield "bad_trace_no_bias", changed(init__dense_0__bias=None)
    yield "bad_trace_no_test_data", changed(data__test__x=None, data__test__y=None)
    yield "bad_trace_no_rows", changed(data__train__x=("F32", [0, 2], []), data__train__y=("I64", [0], []))
    yield "bad_trace_label_rows", changed(data__train__y=("I64", [2], [0, 1]))
    yield "bad_trace_label_too_large", changed(data__train__y=("I64", [3], [0, 1, 2]))
    yield "bad_trace_label_negative", changed(data__test__y=("I64", [1], [-1]))
    yield "bad_trace_label_real", changed(data__test__y=("F32", [1], [0]))
    yield "bad_trace_data_nan", changed(data__train__x=("F32", [3, 2], [0, 0, 0, NAN, 0, 0]))
    yield "bad_trace_init_infinite", changed(init__dense_0__bias=("F32", [2], [0, float("inf")]))
    yield "bad_trace_mixed_reals", changed(epoch__loss=("F64", [2], [1, 1]))
    yield "bad_trace_kernel_transposed", changed(init__dense_0__kernel=("F32", [3, 2], [1, 2, 3, 4, 5, 6]))
    yield "bad_trace_kernel_flat", changed(init__dense_0__kernel=("F32", [4], [1, 2, 3, 4]))
    yield "bad_trace_order_twice", changed(order=("I64", [2, 3], [0, 1, 2, 0, 1, 1]))
    yield "bad_trace_order_beyond", changed(order=("I64", [2, 3], [0, 1, 2, 1, 2, 3]))
    yield "bad_trace_order_negative", changed(order=("I64", [2, 3], [0, 1, 2, 1, 2, -(2**63)]))
    yield "bad_trace_order_epochs", changed(order=("I64", [1, 3], [0, 1, 2]))
    yield "bad_trace_index_falls", changed(step__index=("I64", [2], [4, 3]), step__lr=("F32", [2], [1, 1]))
    yield "bad_trace_index_repeats", changed(step__index=("I64", [2], [3, 3]), step__lr=("F32", [2], [1, 1]))
    yield "bad_trace_index_largest_repeats", changed(step__index=("I64", [2], [2**63 - 1, 2**63 - 1]))
    yield "bad_trace_index_negative", changed(epoch__index=("I64", [1], [-1]))
    yield "bad_trace_index_beyond_epochs", changed(epoch__index=("I64", [1], [2]))
    yield "bad_trace_index_length", changed(step__index=("I64", [1], [0]), step__lr=("F32", [2], [1, 1]))
    yield "bad_trace_series_lengths", changed(epoch__val_loss=("F32", [3], [1, 1, 1]))


def main():
    for old in HERE.glob("*.safetensors"):
        old.unlink()
    for name, content in files():
        (HERE / f"{name}.safetensors").write_bytes(content)


if __name__ == "__main__":
    main()
