using System.CommandLine;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs profile</c>: what each layer costs on each chip.</summary>
internal static class ProfileCommand
{
    public static Command Create()
    {
        var options = new VerificationOptions();
        var command = new Command(
            "profile",
            "Generate C, run it under QEMU, and show each layer's executed instructions, and flash, RAM and stack. Layers are verified on the way.");
        options.AddTo(command);
        command.SetAction(async (result, cancellation) =>
        {
            var verified = await options.RunAsync(result, cancellation).ConfigureAwait(false);
            if (verified == null)
            {
                return ExitCode.Refused;
            }

            if (options.IsJson(result))
            {
                JsonOutput.Print(writer => VerificationJson.Write(writer, verified));
            }
            else
            {
                VerificationTables.PrintLayers(verified);
            }

            return verified.IsIdentical ? ExitCode.Success : ExitCode.CheckFailed;
        });
        return command;
    }
}
