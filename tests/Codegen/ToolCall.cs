using System.Collections.Immutable;
using NUnit.Framework;
using Pqs.Codegen.Toolchain;

namespace Pqs.Tests.Codegen;

/// <summary>Runs programs that tests need to succeed.</summary>
internal static class ToolCall
{
    private static readonly TimeSpan Ample = TimeSpan.FromMinutes(3);

    /// <summary>What the program wrote to its standard output. The test fails with its messages when it fails.</summary>
    public static string Succeed(string folder, string tool, params ImmutableArray<string> arguments)
    {
        var result = ProcessRunner.Run(tool, arguments, folder, Ample);
        Assert.That(
            result.Succeeded,
            Is.True,
            () => $"{Path.GetFileName(tool)} {string.Join(' ', arguments)}\nexit code {result.ExitCode}, timed out: {result.TimedOut}\n"
                + result.StandardError[..Math.Min(result.StandardError.Length, 4000)] + result.StandardOutput[..Math.Min(result.StandardOutput.Length, 2000)]);
        return result.StandardOutput;
    }
}
