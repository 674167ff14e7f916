using NUnit.Framework;
using Pqs.Codegen.Emulation;

namespace Pqs.Tests.Toolchain;

[TestFixture]
public sealed class FirmwareReportTests
{
    private const string Complete = """
        calibration 5000
        layer 0 0 12
        layer 0 1 7
        invoke 0 20
        layer 1 0 12
        layer 1 1 8
        invoke 1 21
        stack 128
        done 2

        """;

    [Test]
    public void A_complete_report_is_read()
    {
        var report = FirmwareReport.Parse(Complete);

        Assert.That(report.IsComplete, Is.True);
        Assert.That(report.CalibrationTicks, Is.EqualTo(5000));
        Assert.That(report.StackBytes, Is.EqualTo(128));
        Assert.That(report.Samples.Select(s => s.InvokeTicks), Is.EqualTo(new long?[] { 20, 21 }));
        Assert.That(report.Samples[1].LayerTicks, Is.EqualTo(new long[] { 12, 8 }));
        Assert.That(report.IgnoredLines, Is.Zero);
    }

    [Test]
    public void A_report_cut_anywhere_is_not_complete()
    {
        for (var length = 0; length < Complete.Length; length++)
        {
            Assert.That(FirmwareReport.Parse(Complete[..length]).IsComplete, Is.False);
        }
    }

    [Test]
    public void A_fault_is_read()
    {
        var report = FirmwareReport.Parse("layer 0 0 12\nfault usage pc=0x00000bf8 lr=0xffffffff cfsr=0x00010000\n");

        Assert.That(report.Fault, Is.EqualTo(new FaultReport("usage", 0xBF8, 0xFFFFFFFF, 0x10000)));
        Assert.That(report.IsComplete, Is.False);
    }

    [Test]
    public void A_status_belongs_to_its_sample()
    {
        var report = FirmwareReport.Parse("layer 0 0 1\ninvoke 0 1\nstatus 1 2\n");

        Assert.That(report.Samples.Select(s => s.Status), Is.EqualTo(new[] { 0, 2 }));
        Assert.That(report.IsComplete, Is.False);
    }

    [TestCase("layer 0 0 -1")]
    [TestCase("layer 0 1 5")]
    [TestCase("layer 3 0 5")]
    [TestCase("layer 0 0 99999999999999999999")]
    [TestCase("layer 0 0 1 2")]
    [TestCase("layer  0 0 1")]
    [TestCase("invoke 1 5")]
    [TestCase("status 0 0")]
    [TestCase("fault usage pc=0x lr=0x0 cfsr=0x0")]
    [TestCase("fault USAGE\u001b pc=0x0 lr=0x0 cfsr=0x0")]
    [TestCase("calibration")]
    [TestCase("done +2")]
    [TestCase("Done 2")]
    [TestCase("")]
    [TestCase("\0\0\0")]
    public void A_line_without_sense_is_counted_and_left_out(string line)
    {
        var expected = FirmwareReport.Empty with { IgnoredLines = 1 };

        Assert.That(FirmwareReport.Parse(line + "\n"), Is.EqualTo(expected).Using<FirmwareReport>(Same));
        Assert.That(FirmwareReport.Parse(line + "\n" + Complete).IsComplete, Is.True);
    }

    [Test]
    public void Random_text_is_read_without_an_exception()
    {
        var random = new Random(1);
        string[] pieces =
            ["layer ", "invoke ", "fault ", "done ", "stack ", "status ", "pc=", "0", "1", "18446744073709551615", " ", "\n", "\r\n", "é"];
        for (var round = 0; round < 5_000; round++)
        {
            var text = string.Concat(Enumerable.Range(0, 40).Select(_ => pieces[random.Next(pieces.Length)]));

            Assert.That(() => FirmwareReport.Parse(text), Throws.Nothing);
        }
    }

    private static bool Same(FirmwareReport left, FirmwareReport right) =>
        left.Samples.SequenceEqual(right.Samples) && left with { Samples = [] } == right with { Samples = [] };
}
