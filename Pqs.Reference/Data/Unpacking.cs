namespace Pqs.Reference.Data;

/// <summary>Reading of compressed data whose claims about its own size are not to be trusted.</summary>
internal static class Unpacking
{
    private const int FirstBuffer = 1 << 16;

    /// <summary>Reads to the end. Memory grows with what is really there, so a false claim of size costs nothing.</summary>
    /// <param name="maximum">More bytes than this are not read; at most 1 GiB.</param>
    /// <returns>All bytes; null when there are more than <paramref name="maximum"/>.</returns>
    /// <exception cref="InvalidDataException">The stream's format is wrong.</exception>
    /// <exception cref="IOException">The stream ends early.</exception>
    public static ReadOnlyMemory<byte>? ReadToEnd(Stream stream, int maximum)
    {
        var buffer = new byte[Math.Min(FirstBuffer, maximum + 1)];
        var length = 0;
        while (stream.Read(buffer.AsSpan(length)) is > 0 and var read)
        {
            length += read;
            if (length > maximum)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min(2L * buffer.Length, maximum + 1));
            }
        }

        return buffer.AsMemory(0, length);
    }
}
