using System.Collections.Immutable;
using Pqs.Codegen.Targets;

namespace Pqs.Codegen.Toolchain;

/// <summary>A bare-metal program, linked for one machine.</summary>
/// <param name="ElfPath">Full path of the linked file.</param>
/// <param name="MapPath">Full path of the linker's map.</param>
/// <param name="Machine">The machine whose memory holds it.</param>
/// <param name="Notes">One line for each machine that was tried before and is too small: which region, by how much.</param>
/// <param name="Memory">Flash and RAM that it takes.</param>
/// <param name="Elf">The linked file's contents.</param>
/// <param name="CallGraph">What the compiler says about each function that it compiled.</param>
public sealed record FirmwareImage(
    string ElfPath,
    string MapPath,
    TargetMachine Machine,
    ImmutableArray<string> Notes,
    MemoryUse Memory,
    ElfFile Elf,
    CallGraphInfo CallGraph);
