using System.CommandLine;

namespace Pqs.Codegen.Commands;

/// <summary>Options that several commands share.</summary>
internal static class CommonOptions
{
    public static Option<bool> Json() => new("--json")
    {
        Description = "Write JSON for programs instead of text for people.",
    };

    public static Option<string?> Inputs() => new("--inputs")
    {
        Description = "Samples: .npy, .npz, IDX, one of these as .gz, .bin (raw int8), or a folder of images.",
    };

    public static Option<string?> Name() => new("--name")
    {
        Description = "Prefix of generated files and identifiers [default: from the model's file name].",
    };
}
