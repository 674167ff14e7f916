using System.CommandLine;
using System.CommandLine.Parsing;
using Pqs.Codegen.Commands;
using Pqs.Codegen.Rendering;
using Pqs.Reference.Diagnostics;

// Everything that is generated or run comes from the folders beside the executable.
foreach (var folder in (string[])[Installation.TargetsFolder, Installation.KernelsFolder, Installation.HarnessFolder, Installation.Template(""), Installation.CSharpTemplate("")])
{
    if (!Directory.Exists(folder))
    {
        Terminal.Write([Diagnostic.Create(DiagnosticDescriptors.InstallationIncomplete, "pqs", folder)]);
        return ExitCode.Refused;
    }
}

var root = new RootCommand(
    """
    Turns quantized neural networks into C for microcontrollers, and shows that the C computes what the model means, to the bit.

    Exit codes: 0 success; 1 a verification failed; 2 wrong usage; 3 an input was refused or an output could not be written.
    """)
{
    InspectCommand.Create(),
    RunCommand.Create(),
    CompressCommand.Create(),
    GenerateCommand.Create(),
    VerifyCommand.Create(),
    ProfileCommand.Create(),
    TargetsCommand.Create(),
};

CommandHelp.Install(root, new Dictionary<string, string[]>
{
    [root.Name] =
    [
        "pqs inspect kws.tflite",
        "pqs generate kws.tflite --target cortex-m4 --output generated",
        "pqs verify kws.tflite --targets host,cortex-m4",
    ],
    ["inspect"] = ["pqs inspect kws.tflite", "pqs inspect kws.tflite --accumulator-bits 14 --fail-on persistent", "pqs inspect kws.tflite --check generated/kws.json"],
    ["run"] = ["pqs run kws.tflite --inputs samples.npy --output results.npy", "pqs run kws.tflite --inputs samples.bin --layers layers", "pqs run digits.tflite --inputs images-idx3-ubyte.gz --labels labels-idx1-ubyte.gz", "pqs run kws.tflite --inputs samples.npy --accumulator-bits 10..20 --csv overflows.csv"],
    ["compress"] =
    [
        "pqs compress kws.onnx --calibration samples.npz --prune 2:4 --weight-bits 6 --accumulator-bits 16 -o kws-pqs.onnx",
        "pqs compress kws.onnx --calibration samples.npz --accumulator-bits auto --max-accuracy-drop 0.5 --sweep 10..20 -o kws-pqs.onnx",
        "pqs compress --from-quantized kws.tflite --prune 2:4 --prune-layer 9=none -o kws-pqs.onnx",
    ],
    ["generate"] = ["pqs generate kws.tflite --target cortex-m4 --output generated", "pqs generate kws.tflite --target cortex-m0 --output generated --package cmake"],
    ["verify"] = ["pqs verify kws.tflite --targets host,cortex-m4", "pqs verify kws.tflite --targets all --inputs samples.npy --junit report.xml"],
    ["profile"] = ["pqs profile kws.tflite --targets cortex-m0,cortex-m4,cortex-m55", "pqs profile kws.tflite --targets cortex-m4 --schedule alternating --against natural"],
    ["targets"] = ["pqs targets", "pqs targets --json"],
});

var result = root.Parse(args);
if (result.Errors.Count > 0)
{
    foreach (var error in result.Errors)
    {
        Console.Error.WriteLine(error.Message);
    }

    Console.Error.WriteLine($"Try '{string.Join(' ', CommandPath(result.CommandResult))} --help'.");
    return ExitCode.Usage;
}

return await result.InvokeAsync().ConfigureAwait(false);

static IEnumerable<string> CommandPath(CommandResult command) =>
    command.Parent is CommandResult parent ? CommandPath(parent).Append(command.Command.Name) : [command.Command.Name];
