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
        var against = new Option<string?>("--against") { Description = "Compare with another schedule, named as with --schedule.", HelpName = "schedule" };
        options.AddTo(command);
        command.Options.Add(against);
        command.SetAction(async (result, cancellation) =>
        {
            var verified = await options.RunAsync(result, cancellation).ConfigureAwait(false);
            if (verified == null)
            {
                return ExitCode.Refused;
            }

            var other = result.GetValue(against) is { } schedule ? await options.RunAsync(result, cancellation, schedule).ConfigureAwait(false) : verified;
            if (other == null)
            {
                return ExitCode.Refused;
            }

            Print(options.IsJson(result), verified, other);
            return verified.IsIdentical && other.IsIdentical ? ExitCode.Success : ExitCode.CheckFailed;
        });
        return command;
    }

    /// <param name="other">What is compared with; the same as <paramref name="verified"/> when nothing is.</param>
    private static void Print(bool isJson, VerificationResult verified, VerificationResult other)
    {
        if (isJson)
        {
            JsonOutput.Print(writer =>
            {
                VerificationJson.Write(writer, verified);
                if (other != verified)
                {
                    writer.WriteStartObject("against");
                    VerificationJson.Write(writer, other);
                    writer.WriteEndObject();
                }
            });
        }
        else if (other == verified)
        {
            VerificationTables.PrintLayers(verified);
        }
        else
        {
            ComparisonTable.Print(verified, other);
        }
    }
}
