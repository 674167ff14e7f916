using System.CommandLine;
using System.Text;
using Pqs.Codegen.Emission;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs verify</c>: generated code against the interpreter.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var options = new VerificationOptions();
        var junit = new Option<string?>("--junit") { Description = "Also write the results to this file, in JUnit's XML format." };
        var command = new Command(
            "verify",
            "Generate C, run it on the host and under QEMU, and compare every byte of every layer with the reference interpreter. "
            + "The exit code is 0 only when all are identical.");
        options.AddTo(command);
        command.Options.Add(junit);
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
                VerificationTables.PrintVerdicts(verified);
            }

            return WriteJUnit(result.GetValue(junit), verified) ? verified.IsIdentical ? ExitCode.Success : ExitCode.CheckFailed : ExitCode.Refused;
        });
        return command;
    }

    private static bool WriteJUnit(string? path, VerificationResult verified)
    {
        var diagnostics = new DiagnosticBag();
        var isWritten = path == null || OutputFile.Write(path, Encoding.UTF8.GetBytes(JUnitReport.Format(verified)), diagnostics);
        Terminal.Write(diagnostics.ToImmutable());
        return isWritten;
    }
}
