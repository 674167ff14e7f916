using System.Collections.Immutable;
using System.ComponentModel;
using System.Diagnostics;

namespace Pqs.Codegen.Toolchain;

/// <summary>Runs programs directly, never through a shell.</summary>
public static class ProcessRunner
{
    /// <summary>
    /// How many bytes of each output are kept. The rest is read and dropped, so that the program never blocks on a full pipe.
    /// </summary>
    public const int CaptureLimit = 1 << 20;

    /// <summary>The line that follows an output that was cut.</summary>
    public const string CutMark = "\n[output cut here]\n";

    /// <summary>
    /// How long to wait for the outputs to close after the program itself has ended: a child of it may have inherited them. On a busy machine reading
    /// takes time too.
    /// </summary>
    private static readonly TimeSpan DrainTime = TimeSpan.FromSeconds(5);

    /// <summary>
    /// Runs a program to its end with no input and English messages. The executable is a path, or a plain name that is looked up on PATH
    /// only, never in the working directory.
    /// </summary>
    /// <exception cref="OperationCanceledException">The caller asked for it; the program and its children are killed first.</exception>
    public static async Task<ProcessResult> RunAsync(
        string executable,
        ImmutableArray<string> arguments,
        string workingDirectory,
        TimeSpan timeout,
        CancellationToken cancellation = default)
    {
        if (ToolLocator.Find(executable) is not { } path)
        {
            return Missing;
        }

        using var process = new Process { StartInfo = Describe(path, arguments, workingDirectory) };
        try
        {
            process.Start();
        }
        catch (Exception exception) when (exception is Win32Exception or IOException)
        {
            return Missing with { StandardError = exception.Message };
        }

        process.StandardInput.Close();
        var output = OutputCapture.Start(process.StandardOutput.BaseStream, CaptureLimit);
        var error = OutputCapture.Start(process.StandardError.BaseStream, CaptureLimit);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        limit.CancelAfter(timeout);
        var timedOut = false;
        try
        {
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            Kill(process);
            timedOut = true;
        }

        await Task.WhenAny(Task.WhenAll(output.Completion, error.Completion), Task.Delay(DrainTime, CancellationToken.None)).ConfigureAwait(false);
        cancellation.ThrowIfCancellationRequested();

        // First this, then the texts, to which more may come meanwhile.
        var isComplete = output.IsComplete && error.IsComplete;
        return new ProcessResult(timedOut ? -1 : process.ExitCode, output.Text(), error.Text(), timedOut, NotFound: false)
        {
            IsComplete = isComplete,
        };
    }

    public static ProcessResult Run(
        string executable,
        ImmutableArray<string> arguments,
        string workingDirectory,
        TimeSpan timeout,
        CancellationToken cancellation = default) =>
        RunAsync(executable, arguments, workingDirectory, timeout, cancellation).GetAwaiter().GetResult();

    private static ProcessResult Missing { get; } = new(-1, "", "", TimedOut: false, NotFound: true);

    private static ProcessStartInfo Describe(string path, ImmutableArray<string> arguments, string workingDirectory)
    {
        var start = new ProcessStartInfo(path, arguments)
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            CreateNoWindow = true,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        // Compilers' and linkers' messages are read by this program.
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static void Kill(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or Win32Exception or AggregateException)
        {
            // It ended by itself meanwhile, or a child did.
        }
    }
}
