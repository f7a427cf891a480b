package org.isofleet.coordinator.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTokensTest {
    @TempDir
    Path folder;

    @Test
    void firstStart_makesATokenOfEachRoleThatItsOwnerAloneCanRead() throws IOException {
        AccessTokens tokens = AccessTokens.open(folder);
        Path reader = folder.resolve("tokens/reader.read");
        Path operator = folder.resolve("tokens/operator.operate");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(reader)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(operator)))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("tokens"))))
                .isEqualTo("rwx------");
        assertThat(tokens.caller(Files.readString(reader))).contains(new Caller("reader", Role.READ));
        assertThat(tokens.caller(Files.readString(operator))).contains(new Caller("operator", Role.OPERATE));
    }

    @Test
    void secondStart_keepsThem() throws IOException {
        AccessTokens.open(folder);
        String before = Files.readString(folder.resolve("tokens/reader.read"));
        assertThat(AccessTokens.open(folder).caller(before)).isPresent();
    }

    @Test
    void whatIsNoToken_opensNothing() throws IOException {
        AccessTokens tokens = AccessTokens.open(folder);
        String token = Files.readString(folder.resolve("tokens/reader.read"));
        for (String wrong :
                new String[] {"", " ", "x", token.substring(1), token + "0", token.toUpperCase(Locale.ROOT)}) {
            assertThat(tokens.caller(wrong)).as(wrong).isEmpty();
        }
    }

    @Test
    void tokenFiles_countWhenTheyAreMadeAndNoMoreWhenTheyAreDeleted() throws IOException {
        AccessTokens tokens = AccessTokens.open(folder);
        Path anna = Files.writeString(folder.resolve("tokens/anna.operate"), "0123456789abcdef0123\n");
        await().until(() ->
                tokens.caller("0123456789abcdef0123").equals(Optional.of(new Caller("anna", Role.OPERATE))));
        Files.delete(anna);
        await().until(() -> tokens.caller("0123456789abcdef0123").isEmpty());
    }

    @Test
    void tokenThatIsTooShort_opensNothingAndHindersNoOther() throws IOException {
        AccessTokens.open(folder);
        Files.writeString(folder.resolve("tokens/short.operate"), "abc");
        AccessTokens tokens = AccessTokens.open(folder);
        assertThat(tokens.caller("abc")).isEmpty();
        assertThat(tokens.caller(Files.readString(folder.resolve("tokens/reader.read"))))
                .isPresent();
    }
}
