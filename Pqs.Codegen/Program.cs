using System.CommandLine;
using Pqs.Codegen.Commands;

var root = new RootCommand(
    """
    Turns quantized neural networks into C for microcontrollers, and proves that the C computes what the model means, to the bit.

    Start with:
      pqs inspect model.tflite
      pqs generate model.tflite --target cortex-m4 --output generated
      pqs verify model.tflite --targets host,cortex-m4

    Exit codes: 0 success; 1 a verification failed; 2 wrong usage; 3 an input was refused or an output could not be written.
    """)
{
    InspectCommand.Create(),
    RunCommand.Create(),
    GenerateCommand.Create(),
    VerifyCommand.Create(),
    ProfileCommand.Create(),
    TargetsCommand.Create(),
};

var result = root.Parse(args);
if (result.Errors.Count > 0)
{
    await result.InvokeAsync().ConfigureAwait(false);
    return ExitCode.Usage;
}

return await result.InvokeAsync().ConfigureAwait(false);
