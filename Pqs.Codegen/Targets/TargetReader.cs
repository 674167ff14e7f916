using System.Buffers;
using System.Collections.Immutable;
using System.Text.Json;
using Pqs.Reference.Diagnostics;

namespace Pqs.Codegen.Targets;

/// <summary>Turns the JSON of a target description into a <see cref="Target"/>.</summary>
internal static class TargetReader
{
    private static readonly ImmutableArray<string> RootFields =
        ["name", "description", "architecture", "features", "compiler", "compilers", "flags", "stackBytes", "costs", "startup", "linkerScript", "machines"];

    private static readonly ImmutableArray<string> MachineFields = ["machine", "instructionsPerTick", "vectors", "flash", "ram"];
    private static readonly ImmutableArray<string> RegionFields = ["origin", "length"];

    /// <summary>Tools and machines are looked up by plain names: no path, and nothing that would be taken for an option.</summary>
    private static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._+-");

    /// <summary>Null, and at least one error reported, unless every field is right.</summary>
    public static Target? Read(JsonElement root, string name, string folder, string place, DiagnosticBag diagnostics)
    {
        var before = diagnostics.ToImmutable().Length;
        var target = ReadFields(root, name, folder, place, diagnostics);
        return diagnostics.ToImmutable().Length == before ? target : null;
    }

    private static Target? ReadFields(JsonElement root, string name, string folder, string place, DiagnosticBag diagnostics)
    {
        if (FieldReader.Open(root, "", RootFields, place, diagnostics) is not { } fields)
        {
            return null;
        }

        if (fields.Text("name") is { } given && given != name)
        {
            fields.Invalid("name", $"the file's name, {Printable.Name(name)}");
        }

        // A description with anything that only firmware has must have all of it.
        var isHost = !fields.Has("startup") && !fields.Has("linkerScript") && !fields.HasItems("machines");
        var description = fields.Text("description");
        var architecture = fields.Text("architecture");
        var features = fields.Texts("features");
        var compilers = ReadCompilers(fields, isHost);
        var flags = fields.Texts("flags");
        var stackBytes = fields.Has("stackBytes") ? fields.PositiveNumber("stackBytes") : null;
        var costs = fields.Has("costs") ? ReadCosts(fields, folder, diagnostics) : CostTable.None;
        var firmware = isHost ? null : ReadFirmware(fields, folder, place, diagnostics);
        return description is null || architecture is null || features is null || compilers is null || flags is null || costs is null
            ? null
            : new Target(name, description, architecture, features.Value, compilers.Value, flags.Value, (int?)stackBytes, costs, firmware);
    }

    private static ImmutableArray<string>? ReadCompilers(FieldReader fields, bool isHost)
    {
        if (isHost && fields.Has("compilers"))
        {
            if (fields.Has("compiler"))
            {
                fields.Invalid("compiler", "left out where 'compilers' is given");
            }

            var compilers = fields.Texts("compilers");
            if (compilers is { } list && (list.IsEmpty || !list.All(IsPlainName)))
            {
                fields.Invalid("compilers", "a list of at least one tool's plain name");
            }

            return compilers;
        }

        if (fields.Has("compilers"))
        {
            fields.Invalid("compilers", "left out for firmware, which has one 'compiler'");
        }

        if (fields.Text("compiler") is not { } compiler)
        {
            return null;
        }

        if (!IsPlainName(compiler))
        {
            fields.Invalid("compiler", "a tool's plain name");
        }

        return [compiler];
    }

    private static CostTable? ReadCosts(FieldReader fields, string folder, DiagnosticBag diagnostics) =>
        fields.FileWithin("costs", folder) is { } path
            ? JsonFile.Read(path, root => CostReader.Read(root, Path.GetFileName(path), diagnostics), diagnostics)
            : null;

    private static FirmwareSupport? ReadFirmware(FieldReader fields, string folder, string place, DiagnosticBag diagnostics)
    {
        var startup = fields.FileWithin("startup", folder);
        var linkerScript = fields.FileWithin("linkerScript", folder);
        var machines = ImmutableArray.CreateBuilder<TargetMachine>();
        if (fields.Value("machines") is { } list)
        {
            if (list.ValueKind != JsonValueKind.Array || list.GetArrayLength() == 0)
            {
                fields.Invalid("machines", "a list of at least one machine");
            }
            else
            {
                foreach (var (index, element) in list.EnumerateArray().Index())
                {
                    if (ReadMachine(element, $"machines[{index}].", place, diagnostics) is { } machine)
                    {
                        machines.Add(machine);
                    }
                }
            }
        }

        return startup is null || linkerScript is null ? null : new FirmwareSupport(startup, linkerScript, machines.ToImmutable());
    }

    private static TargetMachine? ReadMachine(JsonElement element, string prefix, string place, DiagnosticBag diagnostics)
    {
        if (FieldReader.Open(element, prefix, MachineFields, place, diagnostics) is not { } fields)
        {
            return null;
        }

        var name = fields.Text("machine");
        if (name is not null && !IsPlainName(name))
        {
            fields.Invalid("machine", "a machine's plain name");
        }

        var instructionsPerTick = fields.PositiveNumber("instructionsPerTick");
        var vectors = fields.Has("vectors") ? ReadRegion(fields, "vectors") : null;
        var flash = ReadRegion(fields, "flash");
        var ram = ReadRegion(fields, "ram");
        return name is null || instructionsPerTick is null || flash is null || ram is null
            ? null
            : new TargetMachine(name, instructionsPerTick.Value, vectors, flash, ram);
    }

    private static MemoryRegion? ReadRegion(FieldReader machine, string field)
    {
        if (machine.Object(field, RegionFields) is not { } fields)
        {
            return null;
        }

        var origin = fields.Hexadecimal("origin");
        var length = fields.Hexadecimal("length");
        if (origin is null || length is null)
        {
            return null;
        }

        if (length == 0 || (ulong)origin + (ulong)length > 1UL << 32)
        {
            fields.Invalid("length", "at least 1, and the region must end within the 32-bit address space");
        }

        return new MemoryRegion(origin.Value, length.Value);
    }

    private static bool IsPlainName(string name) => !name.AsSpan().ContainsAnyExcept(NameCharacters) && char.IsAsciiLetterOrDigit(name[0]);
}
