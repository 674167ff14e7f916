using System.Collections.Immutable;
using System.Text.Json;
using NUnit.Framework;
using Pqs.Codegen.Emission;
using Pqs.Tests.Codegen;
using Pqs.Tests.TfLite;

namespace Pqs.Tests.Commands;

/// <summary>Names of files and tensors come from strangers.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
internal sealed class HostileNamesTests : IDisposable
{
    private readonly PqsTool _pqs = new();

    public void Dispose() => _pqs.Dispose();

    [TestCase("..%2f..%2fout.tflite", "net_2f_2fout")]
    [TestCase("...tflite", "net")]
    [TestCase(".tflite", "net")]
    [TestCase("a;b.tflite", "a_b")]
    [TestCase("日本.tflite", "net")]
    [TestCase("int.tflite", "net_int")]
    [TestCase("pqs.tflite", "net_pqs")]
    [TestCase("pqs_kernels.tflite", "net_pqs_kernels")]
    [TestCase("$(touch x).tflite", "touch_x")]
    [TestCase("a\\..\\b.tflite", "a_b")]
    [TestCase("a*/b.tflite", null)]
    [TestCase("line\nbreak.tflite", "line_break")]
    [TestCase("{{ version }}.tflite", "version")]
    [TestCase("-rf.tflite", "rf")]
    [TestCase("model", "model")]
    public void A_models_file_name_stays_inside_the_output(string name, string? prefix)
    {
        if (prefix == null)
        {
            // A folder's name is no part of the model's.
            Directory.CreateDirectory(_pqs.At("a*"));
            prefix = "b";
        }

        AssertGenerates(name, prefix);
    }

    [Test]
    public void A_long_file_name_is_cut() => AssertGenerates(new string('x', 200) + ".tflite", new string('x', 36));

    [Test]
    public void Names_inside_a_model_stay_in_comments_and_strings()
    {
        string[] names = ["*/ #error", "a\\\n#error", "\"; #error", "??/", "\u202Eevil", "${X}", "{{ version }}", "\n#error", new string('y', 5000)];
        var builder = new ModelBuilder();
        var tensor = builder.AddInput([4], 1, 0, names[0]);
        foreach (var name in names.Skip(1))
        {
            tensor = builder.Add(tensor, tensor, new Result(1, 0, Name: name));
        }

        File.WriteAllBytes(_pqs.At(PqsTool.Model), builder.Output(tensor).Build());
        AssertGenerates(PqsTool.Model, "model");
        using var json = JsonDocument.Parse(File.ReadAllText(_pqs.At("out", "model.json")));
        Assert.That(json.RootElement.GetProperty("inputs")[0].GetProperty("name").GetString(), Is.EqualTo(names[0]));
        _pqs.Run("inspect", PqsTool.Model).Succeeded();
    }

    private void AssertGenerates(string name, string prefix)
    {
        if (name != PqsTool.Model)
        {
            File.Move(_pqs.At(PqsTool.Model), _pqs.At(name));
        }

        var before = _pqs.Entries;
        _pqs.Run("generate", "./" + name, "--target", "cortex-m4", "--output", "out", "--package", "cmake").Succeeded();

        Assert.That(_pqs.Entries, Is.EqualTo(before.Append("out").Order(StringComparer.Ordinal)));
        string[] expected = ["CMakeLists.txt", $"{prefix}.c", $"{prefix}.h", $"{prefix}.json", $"{prefix}_weights.c", $"{prefix}_weights.h"];
        Assert.That(
            Directory.EnumerateFileSystemEntries(_pqs.At("out")).Select(entry => Path.GetFileName(entry)!).Where(file => !KernelLibrary.Contains(file)), Is.EquivalentTo(expected));
        Tools.Require("gcc");
        ImmutableArray<string> flags = ["-std=c99", "-Wall", "-Wextra", "-Wpedantic", "-Wtrigraphs", "-Werror", "-fsyntax-only"];
        ToolCall.Succeed(_pqs.At("out"), "gcc", [.. flags, $"{prefix}.c", $"{prefix}_weights.c"]);
    }
}
