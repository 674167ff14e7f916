using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using NUnit.Framework;
using Pqs.Codegen.Toolchain;

namespace Pqs.Tests.Toolchain;

[TestFixture]
[Platform(Exclude = "Win")]
[UnsupportedOSPlatform("windows")]
public sealed class ProcessRunnerTests
{
    private static readonly TimeSpan Ample = TimeSpan.FromSeconds(60);

    [Test]
    public void Outputs_and_exit_code_are_returned()
    {
        var result = Shell("echo out; echo err >&2; exit 3", Ample);

        Assert.That(result, Is.EqualTo(new ProcessResult(3, "out\n", "err\n", TimedOut: false, NotFound: false)));
    }

    [Test]
    public void Arguments_reach_the_program_as_they_are()
    {
        var result = ProcessRunner.Run("printf", ["%s|", "a b", "\"", "$HOME;", "*"], Path.GetTempPath(), Ample);

        Assert.That(result.StandardOutput, Is.EqualTo("a b|\"|$HOME;|*|"));
    }

    [Test]
    public void Much_output_on_both_pipes_is_drained_and_cut()
    {
        var result = Shell("yes out | head -c 3000000; yes err | head -c 3000000 >&2", Ample);

        Assert.That(result.Succeeded, Is.True);
        Assert.That(result.IsComplete, Is.False);
        Assert.That(result.StandardOutput, Has.Length.EqualTo(ProcessRunner.CaptureLimit + ProcessRunner.CutMark.Length));
        Assert.That(result.StandardOutput, Does.EndWith(ProcessRunner.CutMark));
        Assert.That(result.StandardError, Does.EndWith(ProcessRunner.CutMark));
    }

    [Test]
    public void Time_out_kills_the_program_and_its_children()
    {
        var watch = Stopwatch.StartNew();
        var result = Shell("sleep 300 & echo $!; wait", TimeSpan.FromSeconds(1));

        Assert.That(result.TimedOut, Is.True);
        Assert.That(result.Succeeded, Is.False);
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(30)));
        var child = int.Parse(result.StandardOutput, CultureInfo.InvariantCulture);
        Assert.That(() => IsRunning(child), Is.False.After(10_000, 50));
    }

    [Test]
    public void A_child_that_keeps_the_outputs_open_does_not_keep_the_caller_waiting()
    {
        var watch = Stopwatch.StartNew();
        var result = Shell("sleep 20 & echo done", Ample);

        Assert.That(result.Succeeded, Is.True);
        Assert.That(result.IsComplete, Is.False);
        Assert.That(result.StandardOutput, Is.EqualTo("done\n"));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(15)));
    }

    [Test]
    public void Cancelling_kills_the_program()
    {
        using var cancellation = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));

        Assert.That(
            async () => await ProcessRunner.RunAsync("sleep", ["300"], Path.GetTempPath(), Ample, cancellation.Token),
            Throws.InstanceOf<OperationCanceledException>());
    }

    [TestCase("no-such-tool-of-any-name")]
    [TestCase("/no/such/tool")]
    [TestCase("")]
    public void A_program_that_does_not_exist_is_not_found(string name)
    {
        var result = ProcessRunner.Run(name, [], Path.GetTempPath(), Ample);

        Assert.That(result.NotFound, Is.True);
        Assert.That(result.Succeeded, Is.False);
    }

    [Test]
    public void A_program_in_the_working_directory_is_not_run_by_its_name()
    {
        using var folder = new TemporaryFolder();
        var path = folder.Write("local-tool", "#!/bin/sh\necho local\n");
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        Assert.That(ProcessRunner.Run("local-tool", [], folder.Path, Ample).NotFound, Is.True);
        Assert.That(ProcessRunner.Run(path, [], folder.Path, Ample).StandardOutput, Is.EqualTo("local\n"));
    }

    [Test]
    public void Missing_tools_come_with_the_packages_that_hold_them()
    {
        Assert.That(ToolLocator.DebianPackages("arm-none-eabi-gcc"), Is.EqualTo("gcc-arm-none-eabi libnewlib-arm-none-eabi"));
        Assert.That(ToolLocator.DebianPackages("clang-16"), Is.EqualTo("clang-16 libclang-rt-16-dev"));
        Assert.That(ToolLocator.DebianPackages("qemu-system-arm"), Is.EqualTo("qemu-system-arm"));
    }

    private static ProcessResult Shell(string script, TimeSpan timeout) =>
        ProcessRunner.Run("sh", ["-c", script], Path.GetTempPath(), timeout);

    /// <summary>A killed process whose parent has not waited for it yet is not running either.</summary>
    private static bool IsRunning(int id)
    {
        try
        {
            return File.ReadAllText($"/proc/{id}/stat").Split(") ")[^1][0] is not ('Z' or 'X');
        }
        catch (IOException)
        {
            return false;
        }
    }
}
