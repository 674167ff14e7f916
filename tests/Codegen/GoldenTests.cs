using System.Runtime.CompilerServices;
using NUnit.Framework;
using Pqs.Codegen.Commands;
using Pqs.Codegen.Emission;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Codegen;

/// <summary>
/// Generated files as they are known to be. tests/golden/CASE/FILE holds what is the same for all targets, FILE.TARGET beside it what differs for
/// one. With PQS_UPDATE_GOLDEN=1 the files are written anew; look at the difference before committing it.
/// </summary>
internal sealed class GoldenTests
{
    private const string ModelFile = "model.tflite";

    private static readonly Dictionary<string, Func<ModelBuilder>> Models = new(StringComparer.Ordinal)
    {
        [nameof(EveryLayer)] = EveryLayer.Create,
    };

    private static bool IsUpdate => Environment.GetEnvironmentVariable("PQS_UPDATE_GOLDEN") == "1";

    public static IEnumerable<string> Cases => Models.Keys;

    public static IEnumerable<string> Targets => TargetCatalog.Names(Installation.TargetsFolder);

    /// <summary>Rewrites all golden files before they are compared, so that a run with PQS_UPDATE_GOLDEN=1 passes.</summary>
    [OneTimeSetUp]
    public void Update()
    {
        if (!IsUpdate)
        {
            return;
        }

        foreach (var name in Cases)
        {
            var folder = CaseFolder(name);
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }

            Directory.CreateDirectory(folder);
            File.WriteAllBytes(Path.Combine(folder, ModelFile), Models[name]().Build());
            foreach (var (file, text) in Expected(name))
            {
                File.WriteAllText(Path.Combine(folder, file), text);
            }
        }

        foreach (var folder in Directory.EnumerateDirectories(Root()).Where(folder => !Models.ContainsKey(Path.GetFileName(folder))))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Test]
    public void Generated_files_are_the_known_ones([ValueSource(nameof(Cases))] string name, [ValueSource(nameof(Targets))] string target)
    {
        foreach (var (file, text) in Generate(name, target))
        {
            var common = Path.Combine(CaseFolder(name), file);
            var special = $"{common}.{target}";
            var known = File.Exists(special) ? special : common;
            Assert.That(known, Does.Exist, "set PQS_UPDATE_GOLDEN=1 to write it");
            Assert.That(text, Is.EqualTo(File.ReadAllText(known)), known);
        }
    }

    [TestCaseSource(nameof(Cases))]
    public void The_model_is_still_what_the_builder_gives(string name) =>
        Assert.That(File.ReadAllBytes(Path.Combine(CaseFolder(name), ModelFile)), Is.EqualTo(Models[name]().Build()));

    [Test]
    public void Every_golden_file_has_a_test()
    {
        var expected = Cases.SelectMany(name => Expected(name).Keys.Append(ModelFile).Select(file => Path.Combine(CaseFolder(name), file)));

        Assert.That(Directory.EnumerateFiles(Root(), "*", SearchOption.AllDirectories), Is.EquivalentTo(expected));
    }

    [Test]
    public void Golden_files_have_unix_line_ends()
    {
        foreach (var file in Directory.EnumerateFiles(Root(), "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != ModelFile))
        {
            Assert.That(File.ReadAllText(file), Does.EndWith("\n").And.Not.Contain("\r"), file);
        }
    }

    /// <summary>The files of a case by name: one for all targets where most agree, and one for each target that does not.</summary>
    private static Dictionary<string, string> Expected(string name)
    {
        var byTarget = Targets.Select(target => (Target: target, Files: Generate(name, target))).ToArray();
        var expected = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var file in byTarget.SelectMany(entry => entry.Files.Keys).Distinct(StringComparer.Ordinal))
        {
            var texts = byTarget.Where(entry => entry.Files.ContainsKey(file)).Select(entry => (entry.Target, Text: entry.Files[file])).ToArray();
            var common = texts.GroupBy(entry => entry.Text, StringComparer.Ordinal).MaxBy(group => group.Count())!.Key;
            expected.Add(file, common);
            foreach (var (target, text) in texts.Where(entry => entry.Text != common))
            {
                expected.Add($"{file}.{target}", text);
            }
        }

        return expected;
    }

    /// <summary>Without the kernel library, whose files are the same for every model; they are covered by being compiled and run.</summary>
    private static Dictionary<string, string> Generate(string name, string targetName)
    {
        var target = TargetCatalog.Load(Installation.TargetsFolder, targetName, new DiagnosticBag())!;
        var plan = ModelBatch.Plan(Graphs.Import(Models[name](), "model"), null, target.Costs);
        return GeneratedPackage.Create(plan, target, "model", withCMake: true).Where(file => !KernelLibrary.Contains(file.Name))
            .ToDictionary(file => file.Name, file => file.Text, StringComparer.Ordinal);
    }

    private static string CaseFolder(string name) => Path.Combine(Root(), name);

    private static string Root([CallerFilePath] string thisFile = "") =>
        Path.GetFullPath(Path.Combine(Path.GetDirectoryName(thisFile)!, "..", "golden"));
}
