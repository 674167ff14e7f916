using System.Globalization;
using Scriban;
using Scriban.Runtime;
using Scriban.Syntax;

namespace Pqs.Codegen.Rendering;

/// <summary>
/// Renders Scriban templates strictly: an undefined name is an error and not an empty text, nothing is cut or limited silently, and a template
/// reads no other file. Templates belong to the installation, so a fault in one is no user's mistake; those of targets, which users
/// write, are rendered by <see cref="TryRender"/>.
/// </summary>
internal static class TemplateRenderer
{
    /// <summary>The rendered text, or what is wrong with the template.</summary>
    public static (string? Text, string? Error) TryRender(string templateText, string place, ScriptObject model)
    {
        var template = Template.Parse(templateText, place);
        if (template.HasErrors)
        {
            return (null, template.Messages[0].Message);
        }

        var context = new TemplateContext
        {
            StrictVariables = true,
            EnableRelaxedMemberAccess = false,
            EnableRelaxedTargetAccess = false,
            EnableRelaxedIndexerAccess = false,
            MemberRenamer = member => member.Name,
            LoopLimit = 0,
            LimitToString = 0,
            NewLine = "\n",
        };
        context.PushCulture(CultureInfo.InvariantCulture);
        context.PushGlobal(model);
        try
        {
            return (template.Render(context), null);
        }
        catch (ScriptRuntimeException exception)
        {
            return (null, exception.OriginalMessage);
        }
    }

    /// <summary>Renders a template of the installation.</summary>
    public static string Render(string templatePath, ScriptObject model)
    {
        var (text, error) = TryRender(File.ReadAllText(templatePath), Path.GetFileName(templatePath), model);
        return text ?? throw new InvalidOperationException($"The template {templatePath} is wrong: {error}");
    }
}
