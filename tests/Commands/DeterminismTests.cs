using System.Collections.Immutable;
using System.Text;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace Pqs.Tests.Commands;

/// <summary>The same model and version give the same bytes, wherever and whenever.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class DeterminismTests : IDisposable
{
    private readonly PqsTool _pqs = new();

    public void Dispose() => _pqs.Dispose();

    [Test]
    public void Place_time_and_language_do_not_matter()
    {
        var elsewhere = Directory.CreateDirectory(_pqs.At("else where", "deeper")).FullName;
        File.Copy(_pqs.At(PqsTool.Model), Path.Combine(elsewhere, PqsTool.Model));
        Generate(_pqs.Folder, PqsTool.Model, "first", []);
        Generate(elsewhere, PqsTool.Model, _pqs.At("second"), [("TZ", "Asia/Tokyo"), ("LANG", "tr_TR.UTF-8"), ("LC_ALL", "tr_TR.UTF-8")]);
        Generate("/", _pqs.At(PqsTool.Model), _pqs.At("third", "deep"), [("LANG", "ar_SA.UTF-8"), ("LC_ALL", "ar_SA.UTF-8"), ("HOME", "/nonexistent"), ("USER", "somebody")]);

        var first = Contents("first");
        Assert.That(first, Is.Not.Empty);
        Assert.That(Contents("second"), Is.EqualTo(first));
        Assert.That(Contents(Path.Combine("third", "deep")), Is.EqualTo(first));
        foreach (var (file, text) in first)
        {
            Assert.That(text.Contains(_pqs.Folder, StringComparison.Ordinal) || text.Contains(AppContext.BaseDirectory, StringComparison.Ordinal), Is.False, file);
            Assert.That(Regex.Match(text, "20[0-9][0-9]-[01][0-9]|[0-2][0-9]:[0-5][0-9]").Value, Is.Empty, file);
        }
    }

    [TestCase("inspect")]
    [TestCase("inspect", "--json")]
    public void What_is_shown_is_the_same_in_every_language(params string[] arguments)
    {
        ImmutableArray<string> command = [arguments[0], PqsTool.Model, .. arguments[1..]];
        var plain = _pqs.Run(command).Succeeded().Output;

        Assert.That(PqsTool.RunIn(_pqs.Folder, [("LC_ALL", "de_DE.UTF-8"), ("TZ", "America/Lima")], command).Succeeded().Output, Is.EqualTo(plain));
    }

    private static void Generate(string workingFolder, string model, string output, ImmutableArray<(string Name, string Value)> environment) =>
        PqsTool.RunIn(workingFolder, environment, ["generate", model, "--target", "cortex-m0", "--output", output, "--package", "cmake"]).Succeeded();

    private SortedDictionary<string, string> Contents(string folder) => new(
        Directory.EnumerateFiles(_pqs.At(folder)).ToDictionary(file => Path.GetFileName(file), file => Encoding.Latin1.GetString(File.ReadAllBytes(file))),
        StringComparer.Ordinal);
}
