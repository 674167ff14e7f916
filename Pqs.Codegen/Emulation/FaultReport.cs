namespace Pqs.Codegen.Emulation;

/// <summary>A processor fault that ended a run.</summary>
/// <param name="Kind">Which exception; "stack" when the stack itself was not usable, and then the registers are not known.</param>
/// <param name="ProgramCounter">Address of the instruction that faulted; 0 where not known.</param>
/// <param name="LinkRegister">Where the function would have returned to; 0 where not known.</param>
/// <param name="Status">The Configurable Fault Status Register; 0 on cores without one.</param>
public sealed record FaultReport(string Kind, uint ProgramCounter, uint LinkRegister, uint Status);
