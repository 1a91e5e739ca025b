namespace Gateway.Admission;

/// <summary>Whether a request takes a place among the connections.</summary>
internal enum PlaceNeed
{
    /// <summary>The request is answered and over, or its handler takes the place.</summary>
    None,

    /// <summary>The request prepares a connection, and is refused when there is no place for one.</summary>
    Later,

    /// <summary>The request is the connection.</summary>
    Now,
}
