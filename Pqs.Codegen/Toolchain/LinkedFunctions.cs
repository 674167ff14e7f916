using System.Collections.Immutable;
using System.Globalization;

namespace Pqs.Codegen.Toolchain;

/// <summary>The functions of a linked Arm program, known from its machine code.</summary>
internal static class LinkedFunctions
{
    /// <summary>By name; those of one name are taken together.</summary>
    public static ImmutableSortedDictionary<string, CompiledFunction> Read(ElfFile elf)
    {
        // Aliases share an address. A size that hand-written code leaves out reaches to the next function.
        var starts = elf.Symbols
            .Where(s => s.Kind == ElfSymbolKind.Function && IsCode(elf, s))
            .GroupBy(s => s.Address)
            .OrderBy(aliases => aliases.Key)
            .Select(aliases => aliases.OrderByDescending(s => s.Size).ThenBy(s => s.Name, StringComparer.Ordinal).ToImmutableArray())
            .ToImmutableArray();
        var ranges = ImmutableArray.CreateBuilder<FunctionRange>(starts.Length);
        for (var i = 0; i < starts.Length; i++)
        {
            var symbol = starts[i][0];
            var section = elf.Sections[symbol.Section];
            var next = i + 1 < starts.Length ? starts[i + 1][0].Address : ulong.MaxValue;
            var end = Math.Min(symbol.Size > 0 ? symbol.Address + symbol.Size : next, section.Address + section.Size);
            ranges.Add(new FunctionRange(symbol, (uint)symbol.Address, (uint)end));
        }

        var marks = elf.Symbols
            .Where(s => IsCode(elf, s) && (IsMark(s, "$t") || IsMark(s, "$d")))
            .OrderBy(s => s.Address)
            .Select(s => new Mark((uint)s.Address, IsMark(s, "$t")))
            .ToImmutableArray();
        var all = ranges.MoveToImmutable();
        var functions = ImmutableSortedDictionary.CreateBuilder<string, CompiledFunction>(StringComparer.Ordinal);
        foreach (var (aliases, range) in starts.Zip(all))
        {
            var function = Read(elf, range, all, marks);
            foreach (var alias in aliases)
            {
                functions[alias.Name] = functions.TryGetValue(alias.Name, out var other) ? other.Or(function) : function;
            }
        }

        return functions.ToImmutable();
    }

    private static CompiledFunction Read(ElfFile elf, FunctionRange range, ImmutableArray<FunctionRange> all, ImmutableArray<Mark> marks)
    {
        var function = CompiledFunction.Empty;
        foreach (var (start, end) in CodeStretches(range, marks))
        {
            var scan = ThumbScanner.Scan(elf.Contents(range.Symbol.Section, start, end - start).Span, start);

            // A call of the function's own start is recursion; other branches within it are loops and conditions.
            var callees = scan.Calls.Where(target => target == range.Start || !range.Holds(target))
                .Concat(scan.Jumps.Where(target => !range.Holds(target)));
            function = function.And(new CompiledFunction(
                scan.Frame,
                scan.IsBounded,
                callees.Select(target => NameAt(all, target)).ToImmutableSortedSet(StringComparer.Ordinal),
                scan.CallsIndirectly));
        }

        return function;
    }

    /// <summary>The parts of a function that are code, by the marks that the assembler leaves where code and data begin.</summary>
    private static IEnumerable<(uint Start, uint End)> CodeStretches(FunctionRange range, ImmutableArray<Mark> marks)
    {
        var start = range.Start;
        var isCode = marks.LastOrDefault(mark => mark.Address <= range.Start)?.IsCode ?? true;
        foreach (var mark in marks.Where(mark => mark.Address > range.Start && mark.Address < range.End))
        {
            if (isCode)
            {
                yield return (start, mark.Address);
            }

            (start, isCode) = (mark.Address, mark.IsCode);
        }

        if (isCode)
        {
            yield return (start, range.End);
        }
    }

    /// <summary>The function that begins at an address or holds it; a name that no function has where there is none.</summary>
    private static string NameAt(ImmutableArray<FunctionRange> all, uint address) =>
        (all.FirstOrDefault(range => range.Start == address) ?? all.LastOrDefault(range => range.Holds(address)))?.Symbol.Name
        ?? string.Create(CultureInfo.InvariantCulture, $"0x{address:x8}");

    private static bool IsCode(ElfFile elf, ElfSymbol symbol) =>
        symbol.Section > 0 && symbol.Section < elf.Sections.Length && elf.Sections[symbol.Section] is { IsCode: true, IsAllocated: true };

    /// <summary>"$t" or "$d", alone or with a suffix after a dot.</summary>
    private static bool IsMark(ElfSymbol symbol, string mark) =>
        symbol.Name == mark || symbol.Name.StartsWith(mark + ".", StringComparison.Ordinal);

    /// <summary>From here on the section holds code, or data.</summary>
    private sealed record Mark(uint Address, bool IsCode);
}
