package org.isofleet.protocol.keys;

import static org.isofleet.protocol.study.Requirement.require;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.isofleet.protocol.study.InvalidSpecException;

/** Makes the keys of a cluster: an authority of its own, and the key and certificate that its nodes share. */
public final class KeyIssuer {
    /** Strength of 128 bits (NIST SP 800-57 part 1, table 2). */
    private static final int RSA_BITS = 3072;

    private static final X500Principal AUTHORITY = new X500Principal("CN=isofleet authority");
    private static final X500Principal NODE = new X500Principal("CN=isofleet node");
    private static final Duration AUTHORITY_LIFE = Duration.ofDays(3650);

    /** Clocks of machines may differ by as much. */
    private static final Duration SKEW = Duration.ofHours(1);

    private static final SecureRandom RANDOM = new SecureRandom();

    private KeyIssuer() {}

    /**
     * Makes a folder with an authority, a key and a certificate. It is there whole or not at all.
     *
     * @param folder a new one, or one that is empty
     * @param life of the node's certificate
     * @throws InvalidSpecException when the folder holds something; the message is one line with the mend
     */
    public static void init(Path folder, Duration life) throws IOException {
        requireLife(life);
        Path place = folder.toAbsolutePath();
        if (Files.exists(place)) {
            require(Files.isDirectory(place), "%s is a file; name a new folder", folder);
            try (Stream<Path> files = Files.list(place)) {
                require(
                        files.findAny().isEmpty(),
                        "%s is not empty, and keys that nodes may have are not overwritten; name a new folder, or give"
                                + " nodes a new certificate with 'isofleet keys renew'",
                        folder);
            }
        }
        Path above = Files.createDirectories(place.resolveSibling(""));
        KeyFolder fresh = new KeyFolder(Files.createTempDirectory(
                above, ".keys", PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"))));
        try {
            KeyPair authority = rsa();
            X509Certificate certificate = authority(authority);
            fresh.write(KeyFolder.AUTHORITY_KEY, pem(authority.getPrivate()));
            fresh.write(KeyFolder.AUTHORITY, pem(certificate));
            issue(fresh, authority.getPrivate(), certificate, NODE, life);
            Files.move(fresh.path(), place, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(fresh.path());
        }
    }

    /**
     * Gives the nodes a new key and certificate of the same authority. Nodes that run take them for their next connections.
     *
     * @param folder that {@link #init} made
     * @param life of the certificate
     * @throws InvalidSpecException when there is no authority in it; the message is one line with the mend
     */
    public static void renew(Path folder, Duration life) throws IOException {
        renew(folder, NODE, life);
    }

    /** Has the authority certify somebody: a node, or another whom it serves too. */
    static void renew(Path folder, X500Principal subject, Duration life) throws IOException {
        requireLife(life);
        KeyFolder files = new KeyFolder(folder.toAbsolutePath());
        X509Certificate certificate =
                KeyMaterial.certificates(files, KeyFolder.AUTHORITY).get(0);
        require(
                Files.exists(files.path().resolve(KeyFolder.AUTHORITY_KEY)),
                "%s is missing, without which no certificate can be issued; renew where 'isofleet keys init' was run and copy"
                        + " node.key and node.pem",
                files.path().resolve(KeyFolder.AUTHORITY_KEY));
        issue(files, KeyMaterial.key(files, KeyFolder.AUTHORITY_KEY, certificate), certificate, subject, life);
    }

    private static void requireLife(Duration life) {
        require(
                life.compareTo(Duration.ofDays(1)) >= 0 && life.compareTo(AUTHORITY_LIFE) <= 0,
                "--days: a certificate lives 1 to %d days, not %d",
                AUTHORITY_LIFE.toDays(),
                life.toDays());
    }

    private static void issue(
            KeyFolder folder, PrivateKey authority, X509Certificate issuer, X500Principal subject, Duration life)
            throws IOException {
        KeyPair node = rsa();
        X509Certificate certificate =
                node(node.getPublic(), authority, issuer.getSubjectX500Principal(), subject, life);
        folder.write(KeyFolder.NODE_KEY, pem(node.getPrivate()));
        folder.write(KeyFolder.NODE, pem(certificate));
    }

    private static X509Certificate authority(KeyPair keys) {
        try {
            JcaX509v3CertificateBuilder builder = builder(AUTHORITY, AUTHORITY, keys.getPublic(), AUTHORITY_LIFE);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign));
            return signed(builder, keys.getPrivate());
        } catch (CertIOException e) {
            throw impossible(e);
        }
    }

    private static X509Certificate node(
            PublicKey key, PrivateKey authority, X500Principal issuer, X500Principal subject, Duration life) {
        try {
            JcaX509v3CertificateBuilder builder = builder(issuer, subject, key, life);
            builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
            builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
            builder.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(new KeyPurposeId[] {
                KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth
            }));
            builder.addExtension(
                    Extension.subjectAlternativeName,
                    false,
                    new GeneralNames(new GeneralName(GeneralName.dNSName, "isofleet-node")));
            return signed(builder, authority);
        } catch (CertIOException e) {
            throw impossible(e);
        }
    }

    private static JcaX509v3CertificateBuilder builder(
            X500Principal issuer, X500Principal subject, PublicKey key, Duration life) {
        Instant now = Instant.now();
        return new JcaX509v3CertificateBuilder(
                issuer,
                new BigInteger(127, RANDOM).setBit(127), // RFC 5280: positive, at most 20 octets
                Date.from(now.minus(SKEW)),
                Date.from(now.plus(life)),
                subject,
                key);
    }

    private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
        try {
            return new JcaX509CertificateConverter()
                    .getCertificate(builder.build(new JcaContentSignerBuilder("SHA256withRSA").build(key)));
        } catch (OperatorCreationException | GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    private static KeyPair rsa() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
            generator.initialize(RSA_BITS);
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    private static String pem(PrivateKey key) {
        return Pem.write(Pem.PRIVATE_KEY, key.getEncoded());
    }

    private static String pem(X509Certificate certificate) {
        try {
            return Pem.write(Pem.CERTIFICATE, certificate.getEncoded());
        } catch (GeneralSecurityException e) {
            throw impossible(e);
        }
    }

    private static void delete(Path unfinished) throws IOException {
        if (Files.exists(unfinished)) {
            try (Stream<Path> files = Files.list(unfinished)) {
                for (Path file : files.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(unfinished);
        }
    }

    private static IllegalStateException impossible(Exception e) {
        return new IllegalStateException("every Java platform makes RSA keys and certificates", e);
    }
}
