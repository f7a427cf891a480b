package org.isofleet.protocol.refusal;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ProtocolException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateNotYetValidException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why a connection was refused, in words for people: libraries tell it by exceptions whose texts speak to programmers. */
public final class RefusalReason {
    private static final int LONGEST = 200;
    private static final String ALERT = "Received fatal alert: ";

    private RefusalReason() {}

    /** One line, without a stack trace, that goes on a sentence about whoever connects. */
    public static String of(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof CertificateExpiredException) {
                return "its certificate has expired";
            } else if (cause instanceof CertificateNotYetValidException) {
                return "its certificate is not valid yet: the clocks of the two machines may differ";
            } else if (cause instanceof CertPathBuilderException || cause instanceof CertPathValidatorException) {
                return "its certificate is of another authority";
            } else if (cause instanceof CertificateException && cause.getCause() == null) {
                return "it shows " + line(cause);
            }
        }
        if (failure instanceof SSLException) {
            return tls(line(failure));
        }
        return failure instanceof InterruptedIOException ? "it says nothing" : line(failure);
    }

    private static String tls(String text) {
        String lower = text.toLowerCase(Locale.ROOT);
        if (lower.contains("empty client certificate chain")) {
            return "it shows no certificate";
        } else if (text.startsWith(ALERT)) {
            return "it does not believe the certificate here, so its keys are of another authority (it says "
                    + text.substring(ALERT.length()) + ")";
        } else if (lower.contains("unrecognized ssl message")
                || lower.contains("unsupported record version")
                || lower.contains("plaintext")) {
            return "it does not speak TLS, so it may have no keys";
        } else if (lower.contains("too big") || lower.contains("too large") || lower.contains("too long")) {
            return "it sends a longer record than TLS has";
        }
        return "it does not speak TLS as is due: " + text;
    }

    /** Whether a connection merely ended: a peer that died or gave up was not refused. */
    public static boolean isMereEnd(Throwable failure) {
        if (failure instanceof SSLException) {
            Throwable cause = failure.getCause();
            String text = String.valueOf(failure.getMessage());
            return cause instanceof EOFException || text.contains("closed");
        }
        return failure instanceof IOException
                && !(failure instanceof ProtocolException)
                && !(failure instanceof InterruptedIOException);
    }

    private static String line(Throwable failure) {
        String text = failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
        String first = text.lines().findFirst().orElse("").strip().replaceAll("\\p{Cntrl}", "?");
        return first.length() <= LONGEST ? first : first.substring(0, LONGEST) + "...";
    }
}
