package io.watchgate.upstream;

import io.watchgate.flow.Rejection;
import io.watchgate.flow.ServerStatus.Offer;
import io.watchgate.mcp.Era;
import java.time.Duration;
import java.util.Optional;

/// What knows more of a server than one link does: says how to reach it, and hears how that went.
interface LinkOwner {
  Transport transport(Era era) throws Rejection;

  /// How long a server may take until it is ready.
  Duration patience(Era era);

  /// Whether a server that ends or keeps silent when it is asked may just not speak the era.
  boolean isGuess(Era era);

  void reached(Link link, UpstreamSession session, Offer offer);

  /// The server does not speak the link's era.
  ///
  /// @return why nothing can be done about it, empty when it is tried in the other era
  Optional<String> refused(Link link, String cause);

  void failed(Link link, String cause);
}
