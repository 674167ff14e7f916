using Pqs.Reference.Diagnostics;
using Spectre.Console;

namespace Pqs.Codegen.Commands;

/// <summary>Where a command writes: results to standard output, diagnostics and progress to standard error.</summary>
internal static class Terminal
{
    /// <summary>A pipe has no width; tables for it are as wide as they need to be.</summary>
    private const int PipeWidth = 400;

    public static void Write(IEnumerable<Diagnostic> diagnostics)
    {
        foreach (var diagnostic in diagnostics)
        {
            Console.Error.WriteLine(diagnostic);
        }
    }

    public static void Write(Table table)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Out) });
        if (Console.IsOutputRedirected)
        {
            console.Profile.Width = PipeWidth;
        }

        console.Write(table);
    }

    /// <summary>Shows a line of progress that later ones replace; nothing unless standard error is a terminal.</summary>
    public static void Progress(string text)
    {
        if (!Console.IsErrorRedirected)
        {
            Console.Error.Write($"\r\u001b[K{text}");
        }
    }

    /// <summary>Removes the line of progress.</summary>
    public static void EndProgress() => Progress("");

    public static Table NewTable(params ReadOnlySpan<string> columns)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var column in columns)
        {
            // A leading '>' asks for right alignment, as numbers have.
            table.AddColumn(column.StartsWith('>') ? new TableColumn(Markup.Escape(column[1..])).RightAligned() : new TableColumn(Markup.Escape(column)));
        }

        return table;
    }
}
