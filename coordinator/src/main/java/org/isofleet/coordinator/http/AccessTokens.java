package org.isofleet.coordinator.http;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.isofleet.protocol.keys.SecretFile;
import org.isofleet.protocol.study.InvalidSpecException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a study: files in {@code tokens/} of its folder, named {@code NAME.read} or {@code NAME.operate}, which their owner alone can
 * read. The first coordinator makes one of each role; more are made and taken back by making and deleting files, which counts within {@link #LOOK_EVERY}.
 *
 * <p>What is shown is compared by its SHA-256 with each token in full, so that the time it takes tells nothing of any of them.
 */
final class AccessTokens {
    static final String FOLDER = "tokens";
    static final Duration LOOK_EVERY = Duration.ofSeconds(1);

    private static final Logger LOG = LoggerFactory.getLogger(AccessTokens.class);
    private static final int MOST = 256;

    private static final class Token {
        private final Caller caller;
        private final byte[] hash;

        Token(Caller caller, String secret) {
            this.caller = caller;
            hash = sha256(secret);
        }
    }

    private final Path folder;
    private final Set<String> faulty = new HashSet<>();
    private List<Token> tokens = List.of();
    private long lookedAt;

    private AccessTokens(Path folder) {
        this.folder = folder;
    }

    /**
     * The tokens of a study folder, made on first use.
     *
     * @throws IOException when they can be neither read nor made
     */
    static AccessTokens open(Path studyFolder) throws IOException {
        Path folder = studyFolder.resolve(FOLDER);
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(
                    folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
        }
        AccessTokens tokens = new AccessTokens(folder);
        tokens.tokens = tokens.read();
        if (tokens.tokens.isEmpty()) {
            SecretFile.of(folder.resolve("reader.read"));
            SecretFile.of(folder.resolve("operator.operate"));
            tokens.tokens = tokens.read();
        }
        tokens.lookedAt = System.nanoTime();
        return tokens;
    }

    /** Whose token it is, if it is one. */
    synchronized Optional<Caller> caller(String shown) {
        look();
        byte[] hash = sha256(shown);
        Caller found = null;
        for (Token token : tokens) {
            found = MessageDigest.isEqual(token.hash, hash) ? token.caller : found;
        }
        return Optional.ofNullable(found);
    }

    private void look() {
        if (System.nanoTime() - lookedAt < LOOK_EVERY.toNanos()) {
            return;
        }
        lookedAt = System.nanoTime();
        try {
            tokens = read();
        } catch (IOException e) {
            LOG.warn("the tokens in {} cannot be read, those of before go on: {}", folder, e.toString());
        }
    }

    private List<Token> read() throws IOException {
        List<Token> found = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*.{read,operate}")) {
            for (Path file : files) {
                if (found.size() < MOST) {
                    token(file).ifPresent(found::add);
                }
            }
        }
        return found;
    }

    private Optional<Token> token(Path file) {
        String name = file.getFileName().toString();
        Role role = name.endsWith(".operate") ? Role.OPERATE : Role.READ;
        try {
            String secret = SecretFile.read(file);
            return Optional.of(new Token(new Caller(name.substring(0, name.lastIndexOf('.')), role), secret));
        } catch (IOException | InvalidSpecException e) {
            if (faulty.size() < MOST && faulty.add(name)) {
                LOG.warn("a token opens nothing: {}", e.toString());
            }
            return Optional.empty();
        }
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
