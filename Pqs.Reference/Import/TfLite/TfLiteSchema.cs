namespace Pqs.Reference.Import.TfLite;

/// <summary>Field numbers and enumerations of TensorFlow Lite's schema (schema.fbs, version 3), as far as they are read here.</summary>
internal static class TfLiteSchema
{
    public const int SupportedVersion = 3;

    public static class Model
    {
        public const int Version = 0;
        public const int OperatorCodes = 1;
        public const int Subgraphs = 2;
        public const int Buffers = 4;
    }

    public static class OperatorCode
    {
        public const int DeprecatedBuiltinCode = 0;
        public const int CustomCode = 1;
        public const int BuiltinCode = 3;
    }

    public static class Subgraph
    {
        public const int Tensors = 0;
        public const int Inputs = 1;
        public const int Outputs = 2;
        public const int Operators = 3;
    }

    public static class Tensor
    {
        public const int Shape = 0;
        public const int Type = 1;
        public const int Buffer = 2;
        public const int Name = 3;
        public const int Quantization = 4;
        public const int IsVariable = 5;
        public const int Sparsity = 6;
    }

    public static class Quantization
    {
        public const int Scale = 2;
        public const int ZeroPoint = 3;
        public const int DetailsType = 4;
        public const int Dimension = 6;
    }

    public static class Buffer
    {
        public const int Data = 0;
        public const int Offset = 1;
        public const int Size = 2;
    }

    public static class Operator
    {
        public const int OpcodeIndex = 0;
        public const int Inputs = 1;
        public const int Outputs = 2;
        public const int OptionsType = 3;
        public const int Options = 4;
    }

    /// <summary>The builtin_options union: its tag values.</summary>
    public static class OptionsType
    {
        public const int Conv2D = 1;
        public const int DepthwiseConv2D = 2;
        public const int Pool2D = 5;
        public const int FullyConnected = 8;
        public const int Softmax = 9;
        public const int Add = 11;
    }

    public static class Conv2DOptions
    {
        public const int Padding = 0;
        public const int StrideWidth = 1;
        public const int StrideHeight = 2;
        public const int Activation = 3;
        public const int DilationWidth = 4;
        public const int DilationHeight = 5;
    }

    public static class DepthwiseConv2DOptions
    {
        public const int Padding = 0;
        public const int StrideWidth = 1;
        public const int StrideHeight = 2;
        public const int DepthMultiplier = 3;
        public const int Activation = 4;
        public const int DilationWidth = 5;
        public const int DilationHeight = 6;
    }

    public static class Pool2DOptions
    {
        public const int Padding = 0;
        public const int StrideWidth = 1;
        public const int StrideHeight = 2;
        public const int FilterWidth = 3;
        public const int FilterHeight = 4;
        public const int Activation = 5;
    }

    public static class FullyConnectedOptions
    {
        public const int Activation = 0;
        public const int WeightsFormat = 1;
    }

    public static class AddOptions
    {
        public const int Activation = 0;
    }

    public static class SoftmaxOptions
    {
        public const int Beta = 0;
    }

    public static class Padding
    {
        public const int Same = 0;
        public const int Valid = 1;
    }

    public static class Activation
    {
        public const int None = 0;
        public const int Relu = 1;
        public const int ReluMinus1To1 = 2;
        public const int Relu6 = 3;

        private static readonly string[] Names = ["NONE", "RELU", "RELU_N1_TO_1", "RELU6", "TANH", "SIGN_BIT"];

        public static string Name(int activation) => activation >= 0 && activation < Names.Length ? Names[activation] : $"{activation}";
    }

    public static class TensorType
    {
        public const int Float32 = 0;
        public const int Int32 = 2;
        public const int UInt8 = 3;
        public const int Int64 = 4;
        public const int Int16 = 7;
        public const int Int8 = 9;
        public const int Int4 = 17;

        private static readonly string[] Names =
        [
            "FLOAT32", "FLOAT16", "INT32", "UINT8", "INT64", "STRING", "BOOL", "INT16", "COMPLEX64", "INT8", "FLOAT64", "COMPLEX128",
            "UINT64", "RESOURCE", "VARIANT", "UINT32", "UINT16", "INT4", "BFLOAT16",
        ];

        public static string Name(int type) => type >= 0 && type < Names.Length ? Names[type] : $"type {type}";
    }
}
