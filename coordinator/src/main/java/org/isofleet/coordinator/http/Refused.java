package org.isofleet.coordinator.http;

import java.util.List;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.StatusCode;
import org.apache.pekko.http.javadsl.model.StatusCodes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;

/** A question that is not answered: status, a word for programs and a line for people with the mend. */
final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    final transient StatusCode status;
    final String code;
    final transient List<HttpHeader> headers;

    private Refused(StatusCode status, String code, String message, HttpHeader... headers) {
        super(message, null, false, false);
        this.status = status;
        this.code = code;
        this.headers = List.of(headers);
    }

    static Refused nobodyKnown() {
        return new Refused(
                StatusCodes.UNAUTHORIZED,
                "unauthorized",
                "show a token of the study: 'Authorization: Bearer TOKEN', from a file in its folder tokens/",
                RawHeader.create("WWW-Authenticate", "Bearer realm=\"isofleet\""));
    }

    static Refused notAllowed(Role needs) {
        return new Refused(
                StatusCodes.FORBIDDEN,
                "forbidden",
                "this token may not do that; one that may " + needs.word() + " is needed");
    }

    static Refused tooOften() {
        return new Refused(
                StatusCodes.TOO_MANY_REQUESTS,
                "too_many_requests",
                "too many requests; ask again in a second",
                RawHeader.create("Retry-After", "1"));
    }

    static Refused tooLarge() {
        return new Refused(
                StatusCodes.CONTENT_TOO_LARGE, "too_large", "a request has at most 64 KiB; nothing here needs more");
    }

    static Refused full() {
        return new Refused(
                StatusCodes.SERVICE_UNAVAILABLE,
                "too_many_streams",
                "too many event streams are open; close one and ask again",
                RawHeader.create("Retry-After", "10"));
    }

    static Refused absent(String what) {
        return new Refused(StatusCodes.NOT_FOUND, "not_found", what);
    }

    static Refused wrongMethod(String allowed) {
        return new Refused(
                StatusCodes.METHOD_NOT_ALLOWED,
                "method_not_allowed",
                "this path answers to " + allowed,
                RawHeader.create("Allow", allowed));
    }

    static Refused bad(String what) {
        return new Refused(StatusCodes.BAD_REQUEST, "bad_request", what);
    }

    static Refused conflict(String what) {
        return new Refused(StatusCodes.CONFLICT, "conflict", what);
    }

    static Refused late(String what) {
        return new Refused(StatusCodes.SERVICE_UNAVAILABLE, "unavailable", what, RawHeader.create("Retry-After", "5"));
    }
}
