using System.Collections.Immutable;
using System.Diagnostics;
using NUnit.Framework;
using Pqs.Tests.Codegen;

namespace Pqs.Tests.Commands;

/// <summary>The program itself, run as users run it, in a folder that holds a small model.</summary>
internal sealed class PqsTool : IDisposable
{
    public const string Model = "model.tflite";

    private static readonly byte[] ModelBytes = EveryLayer.Create().Build();

    public PqsTool() => File.WriteAllBytes(At(Model), ModelBytes);

    public static string Executable { get; } = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "pqs.exe" : "pqs");

    public string Folder { get; } = Directory.CreateTempSubdirectory("pqs-test-").FullName;

    public string At(params ReadOnlySpan<string> path) => Path.Combine([Folder, .. path]);

    public string[] Entries => [.. Directory.EnumerateFileSystemEntries(Folder).Select(entry => Path.GetFileName(entry)!).Order(StringComparer.Ordinal)];

    public ToolResult Run(params ImmutableArray<string> arguments) => RunIn(Folder, [], arguments);

    public static ToolResult RunIn(string workingFolder, ImmutableArray<(string Name, string Value)> environment, ImmutableArray<string> arguments) =>
        Start(Executable, workingFolder, environment, arguments);

    public static ToolResult Start(
        string executable, string workingFolder, ImmutableArray<(string Name, string Value)> environment, ImmutableArray<string> arguments)
    {
        var start = new ProcessStartInfo(executable, arguments)
        {
            WorkingDirectory = workingFolder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        if (!process.WaitForExit(TimeSpan.FromMinutes(3)))
        {
            process.Kill(entireProcessTree: true);
            Assert.Fail($"{executable} {string.Join(' ', arguments)} did not end");
        }

        return new ToolResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}

/// <summary>How a run ended and what it wrote.</summary>
internal sealed record ToolResult(int ExitCode, string Output, string Error)
{
    /// <summary>A success has nothing to say on standard error.</summary>
    public ToolResult Succeeded()
    {
        Assert.That((ExitCode, Error), Is.EqualTo((0, "")), Output);
        return this;
    }

    /// <summary>A failure has nothing to say on standard output, and no exception to show.</summary>
    public ToolResult Failed(int exitCode)
    {
        Assert.That(ExitCode, Is.EqualTo(exitCode), Error + Output);
        Assert.That(Output, Is.Empty);
        Assert.That(Error, Is.Not.Empty.And.Not.Contain("   at Pqs.").And.Not.Contain("Exception"));
        return this;
    }

    /// <summary>What the diagnostics are, without places and texts.</summary>
    public IEnumerable<string> Ids => System.Text.RegularExpressions.Regex.Matches(Error, "PQS[0-9]{4}").Select(match => match.Value);
}
