using System.Globalization;
using Pqs.Codegen.Rendering;
using Pqs.Codegen.Targets;
using Pqs.Reference.Diagnostics;
using Scriban.Runtime;

namespace Pqs.Codegen.Toolchain;

/// <summary>Renders a target's linker script for one machine.</summary>
internal static class LinkerScript
{
    /// <summary>Null, and an error reported, when the template is not right.</summary>
    public static string? Render(string templateText, string place, TargetMachine machine, DiagnosticBag diagnostics)
    {
        var model = new ScriptObject
        {
            ["vectors"] = machine.Vectors is null ? null : Region(machine.Vectors),
            ["flash"] = Region(machine.Flash),
            ["ram"] = Region(machine.Ram),
        };
        var (text, error) = TemplateRenderer.TryRender(templateText, place, model);
        if (text is null)
        {
            diagnostics.Report(DiagnosticDescriptors.LinkerScriptInvalid, place, error!);
        }

        return text;
    }

    private static ScriptObject Region(MemoryRegion region) => new()
    {
        ["origin"] = Hexadecimal(region.Origin),
        ["length"] = Hexadecimal(region.Length),
    };

    private static string Hexadecimal(uint value) => string.Create(CultureInfo.InvariantCulture, $"0x{value:X8}");
}
