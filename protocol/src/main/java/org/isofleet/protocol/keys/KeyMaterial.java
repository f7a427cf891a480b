package org.isofleet.protocol.keys;

import static org.isofleet.protocol.study.Requirement.require;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.interfaces.RSAKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.isofleet.protocol.study.InvalidSpecException;

/**
 * What a folder of keys held when it was read.
 *
 * @param key of the node
 * @param chain its certificate, and those between it and an authority
 * @param authorities that are trusted
 */
record KeyMaterial(PrivateKey key, List<X509Certificate> chain, List<X509Certificate> authorities) {
    private static final char[] NO_PASSWORD = {};

    /** @throws InvalidSpecException when something is missing, does not fit or has expired; the message is one line with the mend */
    static KeyMaterial read(KeyFolder folder) {
        List<X509Certificate> chain = certificates(folder, KeyFolder.NODE);
        PrivateKey key = key(folder, KeyFolder.NODE_KEY, chain.get(0));
        List<X509Certificate> authorities = certificates(folder, KeyFolder.AUTHORITY);
        Instant end = chain.get(0).getNotAfter().toInstant();
        require(
                Instant.now().isBefore(end),
                "%s expired at %s; 'isofleet keys renew' makes a new one",
                folder.path().resolve(KeyFolder.NODE),
                end);
        return new KeyMaterial(key, chain, authorities);
    }

    static List<X509Certificate> certificates(KeyFolder folder, String name) {
        List<X509Certificate> certificates = new ArrayList<>();
        String text = folder.read(name);
        try {
            CertificateFactory x509 = CertificateFactory.getInstance("X.509");
            for (byte[] der : Pem.read(Pem.CERTIFICATE, text)) {
                certificates.add((X509Certificate) x509.generateCertificate(new ByteArrayInputStream(der)));
            }
        } catch (CertificateException | IllegalArgumentException e) {
            throw unreadable(folder, name, "a certificate in PEM");
        }
        if (certificates.isEmpty()) {
            throw unreadable(folder, name, "a certificate in PEM");
        }
        return certificates;
    }

    /** The key that belongs to a certificate. */
    static PrivateKey key(KeyFolder folder, String name, X509Certificate certificate) {
        PrivateKey key;
        String text = folder.read(name);
        try {
            List<byte[]> blocks = Pem.read(Pem.PRIVATE_KEY, text);
            if (blocks.size() != 1) {
                throw new IllegalArgumentException(blocks.size() + " keys");
            }
            key = KeyFactory.getInstance(certificate.getPublicKey().getAlgorithm())
                    .generatePrivate(new PKCS8EncodedKeySpec(blocks.get(0)));
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw unreadable(folder, name, "one private key in PEM, PKCS #8 without a password");
        }
        require(
                belongs(key, certificate),
                "%s is not the key of the certificate beside it; put both there, or make new ones with 'isofleet keys'",
                folder.path().resolve(name));
        return key;
    }

    private static boolean belongs(PrivateKey key, X509Certificate certificate) {
        try {
            byte[] said = "said by the owner of the key".getBytes(StandardCharsets.US_ASCII);
            Signature signature = Signature.getInstance(key instanceof RSAKey ? "SHA256withRSA" : "SHA256withECDSA");
            signature.initSign(key);
            signature.update(said);
            byte[] signed = signature.sign();
            signature.initVerify(certificate.getPublicKey());
            signature.update(said);
            return signature.verify(signed);
        } catch (GeneralSecurityException e) {
            return false; // a key of another kind or length
        }
    }

    private static InvalidSpecException unreadable(KeyFolder folder, String name, String what) {
        return new InvalidSpecException(folder.path().resolve(name) + " does not hold " + what
                + "; 'isofleet keys init DIR' makes a folder of keys");
    }

    /** TLS by which this node proves what it is, and believes those alone that an authority has certified under the same subject. */
    SSLContext context() {
        try {
            KeyStore own = emptyStore();
            own.setKeyEntry("node", key, NO_PASSWORD, chain.toArray(new Certificate[0]));
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSWORD);
            KeyStore trusted = emptyStore();
            for (int i = 0; i < authorities.size(); i++) {
                trusted.setCertificateEntry("ca" + i, authorities.get(i));
            }
            TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
            trust.init(trusted);
            SSLContext context = SSLContext.getInstance("TLSv1.3");
            context.init(
                    keys.getKeyManagers(),
                    new TrustManager[] {
                        new FleetTrust(
                                (X509ExtendedTrustManager) trust.getTrustManagers()[0],
                                chain.get(0).getSubjectX500Principal())
                    },
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException("every Java platform has TLS 1.3 with PKIX", e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }
}
