using System.Text;

namespace Pqs.Codegen.Emission;

/// <summary>Turns names from model files and users, which may hold anything, into text that is safe in C.</summary>
public static class CIdentifier
{
    public const int MaximumLength = 40;

    private static readonly HashSet<string> Reserved = new(StringComparer.Ordinal)
    {
        // Keywords of C and C++, and names that generated files and functions use.
        "alignas", "alignof", "and", "asm", "auto", "bool", "break", "case", "catch", "char", "class", "compl", "concept", "const", "constexpr",
        "continue", "default", "delete", "do", "double", "else", "enum", "explicit", "export", "extern", "false", "float", "for", "friend", "goto",
        "if", "inline", "int", "long", "mutable", "namespace", "new", "noexcept", "not", "nullptr", "operator", "or", "private", "protected",
        "public", "register", "requires", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "template", "this",
        "throw", "true", "try", "typedef", "typeid", "typename", "union", "unsigned", "using", "virtual", "void", "volatile", "while", "xor",
        "main",

        // Targets that CMake keeps for itself.
        "all", "clean", "depend", "edit_cache", "help", "install", "list_install_components", "package", "package_source", "preinstall",
        "rebuild_cache", "test",

        // Files of these names are included by the kernels, the harness, or most programs, and a generated header would hide them.
        "arm_acle", "arm_mve", "assert", "complex", "ctype", "errno", "fenv", "inttypes", "iso646", "limits", "locale", "math", "setjmp",
        "signal", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef", "stdint", "stdio", "stdlib", "stdnoreturn", "string", "tgmath",
        "threads", "time", "uchar", "unistd", "wchar", "wctype", "harness", "harness_config", "harness_model", "platform",
    };

    /// <summary>True for what may prefix the identifiers and file names of a generated model.</summary>
    public static bool IsValidPrefix(string name) =>
        name.Length is > 0 and <= MaximumLength
        && char.IsAsciiLetterLower(name[0])
        && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '_')
        && !name.StartsWith("pqs", StringComparison.Ordinal)
        && !Reserved.Contains(name);

    /// <summary>The valid prefix nearest to any text: lower case, other characters as single underscores, <c>net_</c> in front where needed.</summary>
    public static string PrefixFrom(string text)
    {
        var builder = new StringBuilder();
        foreach (var character in text)
        {
            var lower = char.ToLowerInvariant(character);
            if (char.IsAsciiLetterLower(lower) || char.IsAsciiDigit(lower))
            {
                builder.Append(lower);
            }
            else if (builder.Length > 0 && builder[^1] != '_')
            {
                builder.Append('_');
            }

            if (builder.Length == MaximumLength - 4)
            {
                break;
            }
        }

        var name = builder.ToString().TrimEnd('_');
        return IsValidPrefix(name) ? name : name.Length == 0 ? "net" : "net_" + name;
    }

    /// <summary>
    /// A name from a model file for use inside a C comment or a CMake or JSON file: cut, and every character that could end the comment, continue
    /// a line, or form a trigraph replaced.
    /// </summary>
    public static string Comment(string text)
    {
        const int length = 60;
        var cut = text.Length > length ? text[..length] : text;
        return string.Concat(cut.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or ':' or '-' or ' ' ? c : '_'));
    }
}
