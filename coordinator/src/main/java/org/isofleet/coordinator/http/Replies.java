package org.isofleet.coordinator.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.pekko.NotUsed;
import org.apache.pekko.http.javadsl.model.ContentType;
import org.apache.pekko.http.javadsl.model.ContentTypes;
import org.apache.pekko.http.javadsl.model.HttpEntities;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.MediaTypes;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import org.apache.pekko.stream.javadsl.Source;
import org.apache.pekko.util.ByteString;

/** Answers as they go out, each with the headers that keep a browser from doing more with it than is meant. */
final class Replies {
    private static final ContentType EVENTS = ContentTypes.create(MediaTypes.TEXT_EVENT_STREAM);
    private static final int WORTH_PACKING = 2000;

    private static final List<HttpHeader> ALWAYS = List.of(
            RawHeader.create("X-Content-Type-Options", "nosniff"),
            RawHeader.create("X-Frame-Options", "DENY"),
            RawHeader.create("Referrer-Policy", "no-referrer"),
            RawHeader.create("Cross-Origin-Resource-Policy", "same-origin"),
            // The page runs its own scripts alone and speaks to nobody but this coordinator.
            RawHeader.create(
                    "Content-Security-Policy",
                    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; connect-src 'self';"
                            + " base-uri 'none'; form-action 'none'; frame-ancestors 'none'"));

    private static final HttpHeader NOT_KEPT = RawHeader.create("Cache-Control", "no-store");

    private Replies() {}

    static HttpResponse json(Object value, boolean gzip) {
        return packed(ContentTypes.APPLICATION_JSON, WireJson.answer(value), gzip);
    }

    static HttpResponse packed(ContentType type, byte[] bytes, boolean gzip) {
        boolean pack = gzip && bytes.length > WORTH_PACKING;
        return pack
                ? gzipped(type, ByteString.fromArrayUnsafe(gzip(bytes)))
                : plain(type, ByteString.fromArrayUnsafe(bytes));
    }

    static HttpResponse plain(ContentType type, ByteString bytes) {
        return whole(type, bytes).addHeader(NOT_KEPT);
    }

    /** Of bytes that are packed already. */
    static HttpResponse gzipped(ContentType type, ByteString bytes) {
        return whole(type, bytes).addHeader(NOT_KEPT).addHeader(RawHeader.create("Content-Encoding", "gzip"));
    }

    static HttpResponse bytes(ContentType type, byte[] bytes) {
        return whole(type, ByteString.fromArrayUnsafe(bytes));
    }

    private static HttpResponse whole(ContentType type, ByteString bytes) {
        return HttpResponse.create().addHeaders(ALWAYS).withEntity(HttpEntities.create(type, bytes));
    }

    static HttpResponse events(Source<ByteString, NotUsed> frames) {
        return HttpResponse.create()
                .addHeaders(ALWAYS)
                .addHeader(NOT_KEPT)
                .withEntity(HttpEntities.createChunked(EVENTS, frames));
    }

    static HttpResponse refused(Refused refused) {
        byte[] told = WireJson.answer(
                Map.of("error", Map.of("code", refused.code, "message", String.valueOf(refused.getMessage()))));
        return bytes(ContentTypes.APPLICATION_JSON, told)
                .withStatus(refused.status)
                .addHeader(NOT_KEPT)
                .addHeaders(refused.headers);
    }

    static byte[] gzip(byte[] bytes) {
        ByteArrayOutputStream packed = new ByteArrayOutputStream(bytes.length / 4);
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return packed.toByteArray();
    }
}
