using System.Collections.Immutable;

namespace Pqs.Codegen.Targets;

/// <summary>What a bare-metal program needs beside the model's code.</summary>
/// <param name="StartupPath">Full path of the C source with the vector table and reset handler.</param>
/// <param name="LinkerScriptPath">Full path of the linker script's template.</param>
/// <param name="Machines">At least one, in order of preference: the first whose memory holds the image is used.</param>
public sealed record FirmwareSupport(string StartupPath, string LinkerScriptPath, ImmutableArray<TargetMachine> Machines);
