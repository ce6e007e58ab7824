/** The part of the ONNX format that a feed-forward network needs. */
import protobuf from "protobufjs";

/** Names and numbers of the fields in use, as in onnx/onnx.proto (Apache-2.0). */
const ONNX_PROTO = `
syntax = "proto2";
message AttributeProto {
  enum AttributeType { UNDEFINED = 0; INT = 2; INTS = 7; }
  optional string name = 1;
  optional AttributeType type = 20;
  optional int64 i = 3;
  repeated int64 ints = 8;
}
message NodeProto {
  repeated string input = 1;
  repeated string output = 2;
  optional string name = 3;
  optional string op_type = 4;
  repeated AttributeProto attribute = 5;
}
message TensorProto {
  enum DataType { UNDEFINED = 0; FLOAT = 1; INT64 = 7; FLOAT16 = 10; }
  repeated int64 dims = 1;
  optional int32 data_type = 2;
  optional string name = 8;
  optional bytes raw_data = 9;
}
message TensorShapeProto {
  message Dimension { oneof value { int64 dim_value = 1; string dim_param = 2; } }
  repeated Dimension dim = 1;
}
message TypeProto {
  message Tensor { optional int32 elem_type = 1; optional TensorShapeProto shape = 2; }
  oneof value { Tensor tensor_type = 1; }
}
message ValueInfoProto {
  optional string name = 1;
  optional TypeProto type = 2;
}
message GraphProto {
  repeated NodeProto node = 1;
  optional string name = 2;
  repeated TensorProto initializer = 5;
  repeated ValueInfoProto input = 11;
  repeated ValueInfoProto output = 12;
}
message OperatorSetIdProto {
  optional string domain = 1;
  optional int64 version = 2;
}
message StringStringEntryProto {
  optional string key = 1;
  optional string value = 2;
}
message ModelProto {
  optional int64 ir_version = 1;
  optional string producer_name = 2;
  optional string producer_version = 3;
  optional GraphProto graph = 7;
  repeated OperatorSetIdProto opset_import = 8;
  repeated StringStringEntryProto metadata_props = 14;
}`;

/** Encodes a model. */
export const ModelProto = protobuf.parse(ONNX_PROTO, { keepCase: true }).root.lookupType("ModelProto");

/** TensorProto.DataType by the names of libtorch. */
export const DATA_TYPES = { float32: 1, float16: 10 } as const;
/** TensorProto.DataType of shapes, axes and indices. */
export const INT64 = 7;
/** Precision of weights. */
export type Precision = keyof typeof DATA_TYPES;

/** AttributeProto.AttributeType. */
const ATTRIBUTE = { int: 2, ints: 7 } as const;

/** An attribute of a node: all in use are integers. */
export type Attribute = number | readonly number[];

/** Builds an AttributeProto. */
export function attributeProto(name: string, value: Attribute): object {
  if (typeof value === "number") return { name, type: ATTRIBUTE.int, i: value };
  return { name, type: ATTRIBUTE.ints, ints: value };
}
