using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace Pqs.Codegen.Commands;

/// <summary>Help that ends with what a user would type: the library's text, then the command's examples.</summary>
internal sealed class CommandHelp(HelpAction standard, IReadOnlyDictionary<string, string[]> examples) : SynchronousCommandLineAction
{
    public override bool ClearsParseErrors => true;

    /// <summary>Gives a root command's help the examples of its subcommands, by name; its own are under its own name.</summary>
    public static void Install(RootCommand root, IReadOnlyDictionary<string, string[]> examples)
    {
        var option = root.Options.OfType<HelpOption>().Single();
        option.Action = new CommandHelp((HelpAction)option.Action!, examples);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = standard.Invoke(parseResult);
        if (examples.TryGetValue(parseResult.CommandResult.Command.Name, out var lines))
        {
            var output = parseResult.InvocationConfiguration.Output;
            output.WriteLine("Examples:");
            foreach (var line in lines)
            {
                output.WriteLine("  " + line);
            }

            output.WriteLine();
        }

        return code;
    }
}
