namespace Pqs.Codegen.Emulation;

/// <summary>A run of the verification program that went well. Its outputs are in the run's folder.</summary>
/// <param name="Report">What the program reported.</param>
/// <param name="Messages">What it and the emulator wrote to the console; most often empty.</param>
public sealed record RunResult(FirmwareReport Report, string Messages);
