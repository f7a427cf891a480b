package org.isofleet.coordinator.http;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.AttributeKeys;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.RemoteAddress;
import org.isofleet.protocol.refusal.Refusals;
import org.jspecify.annotations.Nullable;

/** Lets in who shows a token, and nobody more often than the coordinator can bear. */
final class Gate {
    private static final String SCHEME = "bearer ";
    private static final int LONGEST = 512;

    private final AccessTokens tokens;
    private final Refusals refusals;
    /** Of one token: a dashboard asks some ten times when it is opened, and then hardly ever. */
    private final RequestPace known = new RequestPace(100, 400);
    /** Of one address, without a token that is known. */
    private final RequestPace strangers = new RequestPace(20, 100);

    Gate(AccessTokens tokens, Refusals refusals) {
        this.tokens = tokens;
        this.refusals = refusals;
    }

    /** Who asks; whoever may not ask for this is refused. */
    Caller admit(HttpRequest request, Role needs) {
        Optional<String> shown = request.getHeader("Authorization")
                .map(HttpHeader::value)
                .filter(value -> value.length() <= LONGEST && value.regionMatches(true, 0, SCHEME, 0, SCHEME.length()))
                .map(value -> value.substring(SCHEME.length()).strip());
        Optional<Caller> found = shown.flatMap(tokens::caller);
        long now = System.nanoTime();
        if (found.isEmpty()) {
            if (!strangers.allows(address(request), now)) {
                throw Refused.tooOften();
            }
            if (needs == Role.ANYONE) {
                return Caller.ANYONE;
            }
            if (shown.isPresent()) {
                refusals.refused(socket(request), "the HTTP port", "it shows a token that is none of this study");
            }
            throw Refused.nobodyKnown();
        }
        Caller caller = found.get();
        if (!known.allows(caller.words(), now)) {
            throw Refused.tooOften();
        }
        if (!caller.role().allows(needs)) {
            throw Refused.notAllowed(needs);
        }
        return caller;
    }

    private static String address(HttpRequest request) {
        return remote(request)
                .flatMap(RemoteAddress::getAddress)
                .map(InetAddress::getHostAddress)
                .orElse("");
    }

    private static @Nullable InetSocketAddress socket(HttpRequest request) {
        return remote(request)
                .flatMap(from -> from.getAddress().map(address -> new InetSocketAddress(address, from.getPort())))
                .orElse(null);
    }

    private static Optional<RemoteAddress> remote(HttpRequest request) {
        return request.getAttribute(AttributeKeys.remoteAddress);
    }
}
