using System.Text.Json.Nodes;
using NUnit.Framework;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;

namespace Pqs.Tests.Toolchain;

[TestFixture]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TargetCatalogTests : IDisposable
{
    private const string Chip = """
        {
          "name": "chip",
          "description": "A chip",
          "architecture": "ARMv6-M",
          "features": ["dsp"],
          "compiler": "arm-none-eabi-gcc",
          "flags": ["-mthumb"],
          "startup": "core/startup.c",
          "linkerScript": "core/link.ld",
          "machines": [
            {
              "machine": "board",
              "instructionsPerTick": 62.5,
              "flash": { "origin": "0x00000000", "length": "0x00040000" },
              "ram": { "origin": "0x20000000", "length": "0x00004000" }
            }
          ]
        }
        """;

    private readonly TemporaryFolder _folder = new();

    [SetUp]
    public void SetUp()
    {
        _folder.Write("core/startup.c", "");
        _folder.Write("core/link.ld", "");
    }

    public void Dispose() => _folder.Dispose();

    [Test]
    public void Every_field_is_read()
    {
        var (target, lines) = Load(Chip);

        Assert.That(lines, Is.Empty);
        Assert.That(target!.IsHost, Is.False);
        Assert.That(target.Features, Is.EqualTo(new[] { "dsp" }));
        Assert.That(target.Compilers, Is.EqualTo(new[] { "arm-none-eabi-gcc" }));
        Assert.That(target.Firmware!.StartupPath, Is.EqualTo(Path.Combine(_folder.Path, "core/startup.c")));
        Assert.That(target.Firmware.Machines, Is.EqualTo(new[]
        {
            new TargetMachine("board", 62.5m, null, new MemoryRegion(0, 0x40000), new MemoryRegion(0x20000000, 0x4000)),
        }));
    }

    [Test]
    public void A_description_without_firmware_is_a_host()
    {
        var (target, lines) = Load("""
            {
              "name": "chip", "description": "PC", "architecture": "host", "features": [],
              "compilers": ["gcc", "clang-16"], "flags": [], "machines": []
            }
            """);

        Assert.That(lines, Is.Empty);
        Assert.That(target!.IsHost, Is.True);
        Assert.That(target.Compilers, Is.EqualTo(new[] { "gcc", "clang-16" }));
    }

    [Test]
    public void An_unknown_name_is_answered_with_the_names_there_are_and_the_nearest()
    {
        _folder.Write("cortex-m4.json", Chip);
        _folder.Write("cortex-m55.json", Chip);
        var diagnostics = new DiagnosticBag();

        Assert.That(TargetCatalog.Load(_folder.Path, "cortexm4", diagnostics), Is.Null);
        Assert.That(diagnostics.Lines(), Is.EqualTo(new[]
        {
            $"PQS0501 {_folder.Path}: there is no target 'cortexm4', did you mean cortex-m4?; there are: cortex-m4, cortex-m55",
        }));
    }

    [TestCase("../chip")]
    [TestCase("")]
    [TestCase("/etc/passwd")]
    public void A_name_that_is_a_path_is_unknown(string name)
    {
        _folder.Write("chip.json", Chip);
        var diagnostics = new DiagnosticBag();

        Assert.That(TargetCatalog.Load(_folder.Path, name, diagnostics), Is.Null);
        Assert.That(diagnostics.Lines().Single(), Does.StartWith("PQS0501 "));
    }

    [Test]
    public void A_folder_that_does_not_exist_is_reported()
    {
        var diagnostics = new DiagnosticBag();

        Assert.That(TargetCatalog.Load(Path.Combine(_folder.Path, "nowhere"), "chip", diagnostics), Is.Null);
        Assert.That(diagnostics.Lines().Single(), Does.StartWith("PQS0502 "));
    }

    [TestCase("{ \"name\": \"chip\",\n  ]", "PQS0503 chip.json: not a JSON object: syntax error at line 2, byte 3")]
    [TestCase("[]", "PQS0503 chip.json: not a JSON object: the file holds another kind of value")]
    [TestCase("{ \"name\": \"\\ud800\" }", "PQS0503 chip.json: not a JSON object: a text is not valid Unicode")]
    [TestCase("", "PQS0503 chip.json: not a JSON object: syntax error at line 1, byte 1")]
    public void A_file_that_is_no_object_is_reported(string text, string expected)
    {
        var (target, lines) = Load(text);

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { expected }));
    }

    [TestCase("name")]
    [TestCase("description")]
    [TestCase("architecture")]
    [TestCase("features")]
    [TestCase("compiler")]
    [TestCase("flags")]
    [TestCase("startup")]
    [TestCase("linkerScript")]
    [TestCase("machines")]
    public void A_missing_field_is_named(string field)
    {
        var (target, lines) = Load(Changed(root => root.Remove(field)));

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { $"PQS0504 chip.json: field '{field}' is missing" }));
    }

    [TestCase("machine")]
    [TestCase("instructionsPerTick")]
    [TestCase("flash")]
    [TestCase("ram")]
    public void A_machines_missing_field_is_named_with_its_path(string field)
    {
        var (target, lines) = Load(Changed(root => root["machines"]![0]!.AsObject().Remove(field)));

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { $"PQS0504 chip.json: field 'machines[0].{field}' is missing" }));
    }

    [TestCase("name", "\"other\"", "'name' must be the file's name, 'chip'")]
    [TestCase("features", "\"dsp\"", "'features' must be a list of texts")]
    [TestCase("flags", "[1]", "'flags' must be a list of texts")]
    [TestCase("description", "5", "'description' must be a text")]
    [TestCase("compiler", "\"../gcc\"", "'compiler' must be a tool's plain name")]
    [TestCase("compiler", "\"-gcc\"", "'compiler' must be a tool's plain name")]
    [TestCase("machines", "[]", "'machines' must be a list of at least one machine")]
    [TestCase("machines", "[3]", "'machines[0]' must be an object")]
    public void A_field_of_another_kind_is_named(string field, string value, string expected)
    {
        var (target, lines) = Load(Changed(root => root[field] = JsonNode.Parse(value)));

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { "PQS0505 chip.json: field " + expected }));
    }

    [TestCase("0x100000000")]
    [TestCase("20000000")]
    [TestCase("0x")]
    [TestCase("0x-1")]
    public void An_address_must_be_a_hexadecimal_text(string value)
    {
        var (target, lines) = Load(Changed(root => root["machines"]![0]!["ram"]!["origin"] = value));

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { "PQS0505 chip.json: field 'machines[0].ram.origin' must be a text such as \"0x20000000\"" }));
    }

    [TestCase("0x0")]
    [TestCase("0xFFFFFFFF")]
    public void A_region_must_lie_within_the_address_space(string length)
    {
        var (target, lines) = Load(Changed(root => root["machines"]![0]!["ram"]!["length"] = length));

        Assert.That(target, Is.Null);
        Assert.That(lines.Single(), Does.StartWith("PQS0505 chip.json: field 'machines[0].ram.length' must be at least 1"));
    }

    [Test]
    public void Costs_are_read_from_a_file_of_their_own()
    {
        _folder.Write("costs.json", """{ "add": { "call": 80, "element": 2.5 } }""");
        var (target, lines) = Load(Changed(root => root["costs"] = "costs.json"));

        Assert.That(lines, Is.Empty);
        Assert.That(target!.Costs.Predict("add", [("call", 1), ("element", 10), ("unknown", 1000)]), Is.EqualTo(105));
        Assert.That(target.Costs.Predict("pad", [("call", 1)]), Is.Null);
    }

    [TestCase("[]", "PQS0503 costs.json")]
    [TestCase("{", "PQS0503 costs.json")]
    [TestCase("""{ "add": 1 }""", "PQS0505 costs.json: field 'add'")]
    [TestCase("""{ "add": { "call": -1 } }""", "PQS0505 costs.json: field 'add'")]
    [TestCase("""{ "add": { "call": "1" } }""", "PQS0505 costs.json: field 'add'")]
    [TestCase("""{ "add": { "call": 1, "call": 1 } }""", "PQS0505 costs.json: field 'add'")]
    [TestCase("""{ "add": { "call": 1 }, "add": { "call": 1 } }""", "PQS0507 costs.json: field 'add'")]
    public void Costs_are_numbers_by_kernel(string text, string start)
    {
        _folder.Write("costs.json", text);
        var (target, lines) = Load(Changed(root => root["costs"] = "costs.json"));

        Assert.That(target, Is.Null);
        Assert.That(lines.Single(), Does.StartWith(start));
    }

    [Test]
    public void An_unknown_field_is_named()
    {
        var (target, lines) = Load(Changed(root => root["feature"] = "dsp"));

        Assert.That(target, Is.Null);
        Assert.That(lines.Single(), Does.StartWith("PQS0506 chip.json: unknown field 'feature'; known here: name, "));
    }

    [Test]
    public void A_field_given_twice_is_named()
    {
        const string Field = "\"machine\": \"board\",";
        var (target, lines) = Load(Chip.Replace(Field, Field + Field, StringComparison.Ordinal));

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { "PQS0507 chip.json: field 'machines[0].machine' is given twice" }));
    }

    [TestCase("../startup.c")]
    [TestCase("core/../../startup.c")]
    [TestCase("/etc/passwd")]
    [TestCase("core\\..\\..\\startup.c")]
    public void A_path_outside_the_folder_is_refused(string path)
    {
        var (target, lines) = Load(Changed(root => root["startup"] = path));

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { $"PQS0508 chip.json: field 'startup' names '{path}', which is outside the targets folder" }));
    }

    [Test]
    public void A_path_to_nothing_is_refused()
    {
        var (target, lines) = Load(Changed(root => root["linkerScript"] = "core/none.ld"));

        Assert.That(target, Is.Null);
        Assert.That(lines, Is.EqualTo(new[] { "PQS0509 chip.json: field 'linkerScript' names 'core/none.ld', which does not exist" }));
    }

    [Test]
    public void Every_target_that_is_installed_loads()
    {
        var names = TargetCatalog.Names(Installation.TargetsFolder);

        Assert.That(names, Does.Contain("host"));
        foreach (var name in names)
        {
            var diagnostics = new DiagnosticBag();
            var target = TargetCatalog.Load(Installation.TargetsFolder, name, diagnostics);

            Assert.That(target, Is.Not.Null, string.Join('\n', diagnostics.Lines()));
        }
    }

    [TestCase(31.25, 6400, 200_000)]
    [TestCase(62.5, 1, 63)]
    [TestCase(40, 0, 0)]
    public void Ticks_stand_for_instructions(decimal instructionsPerTick, long ticks, long instructions)
    {
        var machine = new TargetMachine("board", instructionsPerTick, null, new MemoryRegion(0, 1), new MemoryRegion(1, 1));

        Assert.That(machine.Instructions(ticks), Is.EqualTo(instructions));
    }

    private static string Changed(Action<JsonObject> change)
    {
        var root = JsonNode.Parse(Chip)!.AsObject();
        change(root);
        return root.ToJsonString();
    }

    private (Target? Target, string[] Lines) Load(string text)
    {
        _folder.Write("chip.json", text);
        var diagnostics = new DiagnosticBag();
        var target = TargetCatalog.Load(_folder.Path, "chip", diagnostics);
        return (target, diagnostics.Lines());
    }
}
