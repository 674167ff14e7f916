using System.Text.Json;
using NUnit.Framework;

namespace Pqs.Tests.Commands;

/// <summary><c>--optimize</c> and <c>--ram</c>, as users run them.</summary>
internal sealed class PlanCommandTests
{
    [TestCase("--optimize", "speed")]
    [TestCase("--optimize", "size")]
    [TestCase("--optimize", "ram")]
    [TestCase("--ram", "40000")]
    public void A_manifest_says_what_was_asked_and_is_checked_by_that(string option, string value)
    {
        using var tool = new PqsTool();
        Assert.That(tool.Run("generate", PqsTool.Model, "-t", "cortex-m4", "-o", "out", option, value).ExitCode, Is.Zero);
        var manifest = tool.At("out", "model.json");
        Assert.That(tool.Run("inspect", PqsTool.Model, "--check", manifest).ExitCode, Is.Zero);
        var text = File.ReadAllText(manifest);
        Assert.That(text, Does.Contain(option == "--ram" ? "\"ramLimit\": 40000" : $"\"objective\": \"{value}\""));

        foreach (var damaged in (string[])["\"objective\": \"none\"", "\"objective\": 1", "\"objective\": \"speed\", \"ramLimit\": \"1\"", "\"objective\": \"speed\", \"ramLimit\": -1"])
        {
            File.WriteAllText(manifest, System.Text.RegularExpressions.Regex.Replace(text, "\"objective\": \"[a-z]*\"(,\\s*\"ramLimit\": [0-9]+)?", damaged));
            Assert.That(tool.Run("inspect", PqsTool.Model, "--check", manifest).ExitCode, Is.EqualTo(1), damaged);
        }
    }

    [Test]
    public void A_limit_that_cannot_be_kept_is_refused_with_the_bytes_that_are_needed()
    {
        using var tool = new PqsTool();
        using var json = JsonDocument.Parse(tool.Run("inspect", PqsTool.Model, "--optimize", "ram", "--json").Output);
        var needed = json.RootElement.GetProperty("arenaBytes").GetInt32();
        Assert.That(tool.Run("inspect", PqsTool.Model, "--ram", $"{needed}").ExitCode, Is.Zero);
        var refused = tool.Run("generate", PqsTool.Model, "-t", "host", "-o", "out", "--ram", $"{needed - 1}");
        Assert.That((refused.ExitCode, Directory.Exists(tool.At("out"))), Is.EqualTo((3, false)));
        Assert.That(refused.Error, Does.Contain("PQS0414").And.Contain($"it needs {needed}"));
    }

    [TestCase("--optimize", "fast")]
    [TestCase("--ram", "0")]
    [TestCase("--ram", "many")]
    public void Values_that_make_no_sense_are_refused(string option, string value)
    {
        using var tool = new PqsTool();
        Assert.That(tool.Run("inspect", PqsTool.Model, option, value).ExitCode, Is.EqualTo(2));
    }
}
