namespace Pqs.Codegen.Plan;

/// <summary>Who owns the memory of a buffer.</summary>
public enum BufferKind
{
    /// <summary>The caller's input; read only.</summary>
    Input,

    /// <summary>The caller's output.</summary>
    Output,

    /// <summary>A part of the arena that holds tensors.</summary>
    Arena,

    /// <summary>A part of the arena that one kernel works in.</summary>
    Scratch,
}
