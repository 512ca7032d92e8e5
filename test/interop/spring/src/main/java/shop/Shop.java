// A shop in Spring Boot that signs its customers in.
package shop;

import static org.springframework.security.config.Customizer.withDefaults;

import java.time.Duration;
import java.util.Map;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.security.config.annotation.web.builders.HttpSecurity;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.security.oauth2.client.ClientAuthorizationException;
import org.springframework.security.oauth2.client.OAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.RefreshTokenOAuth2AuthorizedClientProvider;
import org.springframework.security.oauth2.client.annotation.RegisteredOAuth2AuthorizedClient;
import org.springframework.security.oauth2.client.oidc.web.logout.OidcClientInitiatedLogoutSuccessHandler;
import org.springframework.security.oauth2.client.registration.ClientRegistrationRepository;
import org.springframework.security.oauth2.core.oidc.user.OidcUser;
import org.springframework.security.web.SecurityFilterChain;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.servlet.view.RedirectView;

@SpringBootApplication
@RestController
public class Shop {
  public static void main(String[] args) {
    SpringApplication.run(Shop.class, args);
  }

  @Bean
  SecurityFilterChain security(HttpSecurity http, ClientRegistrationRepository clients) {
    var signedOut = new OidcClientInitiatedLogoutSuccessHandler(clients);
    signedOut.setPostLogoutRedirectUri("{baseUrl}/");
    return http
        .authorizeHttpRequests(
            requests -> requests.requestMatchers("/", "/error").permitAll().anyRequest().authenticated())
        .oauth2Login(withDefaults())
        .logout(logout -> logout.logoutSuccessHandler(signedOut))
        // The issuer tells of sign-outs at /logout/connect/back-channel/foyer.
        .oidcLogout(logout -> logout.backChannel(withDefaults()))
        .build();
  }

  // How long before its end an access token is renewed.
  @Bean
  RefreshTokenOAuth2AuthorizedClientProvider renewal(@Value("${RENEW_EARLY:60}") int seconds) {
    var renewal = new RefreshTokenOAuth2AuthorizedClientProvider();
    renewal.setClockSkew(Duration.ofSeconds(seconds));
    return renewal;
  }

  private final RestClient api;

  Shop(@Value("${FOYER_API}") String address) { // http://localhost:3000/api/client/v1
    api = RestClient.create(address);
  }

  @GetMapping("/")
  String home() {
    return "The shop";
  }

  @GetMapping("/account")
  Map<String, Object> account(
      @AuthenticationPrincipal OidcUser customer,
      @RegisteredOAuth2AuthorizedClient("foyer") OAuth2AuthorizedClient foyer) {
    var profile =
        api.get()
            .uri("/profile")
            .headers(headers -> headers.setBearerAuth(foyer.getAccessToken().getTokenValue()))
            .retrieve()
            .body(Map.class);
    return Map.of(
        "claims", customer.getIdToken().getClaims(),
        "userinfo", customer.getUserInfo().getClaims(),
        "profile", profile.get("data"));
  }

  // Signed out elsewhere: the refresh token is over, or the access token is refused.
  @ExceptionHandler({ClientAuthorizationException.class, HttpClientErrorException.Unauthorized.class})
  RedirectView signInAgain() {
    return new RedirectView("/oauth2/authorization/foyer");
  }
}
