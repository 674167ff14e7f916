using System.Collections.Immutable;
using System.CommandLine;
using Pqs.Codegen.Emulation;
using Pqs.Codegen.Targets;
using Pqs.Codegen.Toolchain;
using Pqs.Reference.Diagnostics;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary><c>pqs targets</c>: what can be generated for, and which tools for it are installed.</summary>
internal static class TargetsCommand
{
    public static Command Create()
    {
        var json = CommonOptions.Json();
        var command = new Command("targets", "List the chips that code can be generated for, and whether the tools to verify it are installed.") { json };
        command.SetAction(result => Run(result.GetValue(json)));
        return command;
    }

    private static int Run(bool json)
    {
        var diagnostics = new DiagnosticBag();
        var targets = TargetArgument.Load("all", diagnostics);
        Terminal.Write(diagnostics.ToImmutable());
        if (targets is not { } known)
        {
            return ExitCode.Refused;
        }

        if (json)
        {
            JsonOutput.Print(writer =>
            {
                writer.WriteStartArray("targets");
                foreach (var target in known)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", target.Name);
                    writer.WriteString("description", target.Description);
                    writer.WriteString("architecture", target.Architecture);
                    writer.WriteStartArray("features");
                    foreach (var feature in target.Features)
                    {
                        writer.WriteStringValue(feature);
                    }

                    writer.WriteEndArray();
                    writer.WriteStartObject("tools");
                    foreach (var tool in Tools(target))
                    {
                        writer.WriteString(tool, ToolLocator.Find(tool));
                    }

                    writer.WriteEndObject();
                    writer.WriteEndObject();
                }

                writer.WriteEndArray();
            });
            return ExitCode.Success;
        }

        var table = Terminal.NewTable("target", "what", "runs on", "tools");
        foreach (var target in known)
        {
            table.AddRow(
                target.Name,
                Markup.Escape(target.Description),
                target.Firmware is { } firmware ? string.Join(", ", firmware.Machines.Select(machine => machine.Name).Distinct()) : "this machine",
                string.Join(", ", Tools(target).Select(tool => ToolLocator.Find(tool) != null ? $"[green]{tool}[/]" : $"[red]{tool} missing[/]")));
        }

        Terminal.Write(table);
        return ExitCode.Success;
    }

    private static ImmutableArray<string> Tools(Target target) => target.IsHost ? target.Compilers : [.. target.Compilers, Qemu.Tool];
}
