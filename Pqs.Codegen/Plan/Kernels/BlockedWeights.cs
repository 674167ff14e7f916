using System.Buffers.Binary;
using Pqs.Reference.Model.Operators;

namespace Pqs.Codegen.Plan.Kernels;

/// <summary>
/// Weights of a dense fully connected layer as <c>pqs_fully_connected_params</c> says: for each four channels a word for each input; then the channels that
/// are left, row by row.
/// </summary>
internal static class BlockedWeights
{
    private const int Channels = 4;

    /// <summary>Weights of blocks are stored plus 128: the sign's bit is flipped.</summary>
    private const byte Sign = 0x80;

    public static IEnumerable<int> Words(FullyConnected layer)
    {
        var blocked = layer.OutputChannels - (layer.OutputChannels % Channels);
        for (var channel = 0; channel < blocked; channel += Channels)
        {
            for (var input = 0; input < layer.InputSize; input++)
            {
                yield return Word([.. Enumerable.Range(channel, Channels).Select(c => (byte)(Weight(layer, c, input) ^ Sign))]);
            }
        }

        var rest = Enumerable.Range(blocked, layer.OutputChannels - blocked).SelectMany(channel => Enumerable.Range(0, layer.InputSize).Select(input => Weight(layer, channel, input)));
        foreach (var bytes in rest.Chunk(sizeof(int)))
        {
            yield return Word(bytes);
        }
    }

    private static byte Weight(FullyConnected layer, int channel, int input) => (byte)layer.Weight(channel, input);

    /// <summary>Missing bytes are 0.</summary>
    private static int Word(ReadOnlySpan<byte> bytes)
    {
        Span<byte> word = stackalloc byte[sizeof(int)];
        bytes.CopyTo(word);
        return BinaryPrimitives.ReadInt32LittleEndian(word);
    }
}
