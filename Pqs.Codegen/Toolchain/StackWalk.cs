using System.Collections.Immutable;

namespace Pqs.Codegen.Toolchain;

/// <summary>A walk over a call graph that finds the deepest chain of calls and what stands in the way of a bound.</summary>
internal sealed class StackWalk(ImmutableSortedDictionary<string, CompiledFunction> functions, ImmutableHashSet<string> withoutCalls)
{
    private readonly Dictionary<string, Chain> _known = new(StringComparer.Ordinal);
    private readonly List<string> _open = [];
    private readonly SortedSet<string> _obstacles = new(StringComparer.Ordinal);

    public ImmutableArray<string> Obstacles => [.. _obstacles];

    public Chain Visit(string name)
    {
        if (_known.TryGetValue(name, out var known))
        {
            return known;
        }

        if (_open.IndexOf(name) is var first and >= 0)
        {
            _obstacles.Add($"recursion {string.Join(" > ", _open.Skip(first).Append(name))}");
            return Chain.Empty;
        }

        if (!functions.TryGetValue(name, out var function))
        {
            _obstacles.Add($"nothing is known of {name}");
            return Chain.Empty;
        }

        if (!function.IsBounded)
        {
            _obstacles.Add($"variable frame in {name}");
        }

        if (function.CallsIndirectly)
        {
            _obstacles.Add($"call through a pointer in {name}");
        }

        _open.Add(name);
        var deepest = Chain.Empty;
        foreach (var callee in function.Callees.Where(callee => !withoutCalls.Contains(callee)))
        {
            var chain = Visit(callee);
            deepest = chain.Bytes > deepest.Bytes ? chain : deepest;
        }

        _open.RemoveAt(_open.Count - 1);
        return _known[name] = new Chain(function.Frame + deepest.Bytes, deepest.Path.Insert(0, name));
    }

    /// <summary>A chain of calls and the stack that it takes.</summary>
    internal sealed record Chain(long Bytes, ImmutableList<string> Path)
    {
        public static Chain Empty { get; } = new(0, []);
    }
}
