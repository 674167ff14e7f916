using System.Buffers;
using System.Text;

namespace Pqs.Codegen.Toolchain;

/// <summary>Reads one output of a process to its end and keeps the beginning.</summary>
internal sealed class OutputCapture
{
    private readonly Lock _lock = new();
    private readonly ArrayBufferWriter<byte> _kept = new();
    private readonly int _limit;
    private bool _cut;
    private bool _ended;

    private OutputCapture(int limit) => _limit = limit;

    /// <summary>Ends when the output does; never fails.</summary>
    public Task Completion { get; private set; } = Task.CompletedTask;

    public static OutputCapture Start(Stream stream, int limit)
    {
        var capture = new OutputCapture(limit);
        capture.Completion = capture.ReadAsync(stream);
        return capture;
    }

    /// <summary>Whether the output was read to its end, and all of it is kept.</summary>
    public bool IsComplete
    {
        get
        {
            lock (_lock)
            {
                return _ended && !_cut;
            }
        }
    }

    /// <summary>What has been read so far.</summary>
    public string Text()
    {
        lock (_lock)
        {
            var text = Encoding.UTF8.GetString(_kept.WrittenSpan);
            return _cut ? text + ProcessRunner.CutMark : text;
        }
    }

    private async Task ReadAsync(Stream stream)
    {
        var buffer = new byte[16384];
        try
        {
            while (await stream.ReadAsync(buffer).ConfigureAwait(false) is var count and > 0)
            {
                lock (_lock)
                {
                    var kept = Math.Min(count, _limit - _kept.WrittenCount);
                    _kept.Write(buffer.AsSpan(0, kept));
                    _cut |= kept < count;
                }
            }

            lock (_lock)
            {
                _ended = true;
            }
        }
        catch (Exception exception) when (exception is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The stream is closed under the reader when a grandchild holds the pipe open after the process has ended.
        }
    }
}
