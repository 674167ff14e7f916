using System.Globalization;

namespace Pqs.Reference.Model;

/// <summary>Reads schedules as people write them: <c>natural</c>, <c>wide</c>, <c>alternating</c>, <c>bounded</c>, <c>exact</c>, <c>sorted</c>, <c>sorted:rounds=1,tile=32</c>.</summary>
public static class ScheduleText
{
    private static readonly Schedule[] WithoutParameters =
        [Schedule.Natural, Schedule.Wide, Schedule.Alternating, Schedule.Bounded, Schedule.Exact, new Schedule.Sorted()];

    /// <returns>The schedule, or null where the text is none; its numbers are not checked (<see cref="GraphVerifier"/> does).</returns>
    public static Schedule? Parse(string text)
    {
        foreach (var schedule in WithoutParameters)
        {
            if (text == schedule.Name)
            {
                return schedule;
            }
        }

        const string prefix = "sorted:";
        return text.StartsWith(prefix, StringComparison.Ordinal) ? ParseParameters(text[prefix.Length..]) : null;
    }

    private static Schedule.Sorted? ParseParameters(string text)
    {
        var schedule = new Schedule.Sorted();
        foreach (var part in text.Split(','))
        {
            var pair = part.Split('=');
            if (pair.Length != 2 || !int.TryParse(pair[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return null;
            }

            switch (pair[0])
            {
                case "rounds" when schedule.Rounds == null:
                    schedule = schedule with { Rounds = number };
                    break;
                case "tile" when schedule.Tile == null:
                    schedule = schedule with { Tile = number };
                    break;
                default:
                    return null;
            }
        }

        return schedule;
    }
}
