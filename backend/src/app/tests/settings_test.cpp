#include "app/settings.hpp"

#include "runtime/tests/temporary_folder.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace nxg::app {
namespace {

using testing::HasSubstr;

std::string refusal(const std::map<std::string, std::string>& environment) {
  try {
    load_settings(environment);
  } catch (const settings_error& error) {
    return error.what();
  }
  return "accepted";
}

TEST(settings, development_needs_nothing) {
  const auto loaded = load_settings({});
  EXPECT_EQ(loaded.values.env, environment::development);
  EXPECT_EQ(loaded.values.port, 8080);
  EXPECT_TRUE(loaded.warnings.empty());
}

TEST(settings, per_address_limits_are_a_hundredfold_outside_production_unless_set) {
  EXPECT_EQ(load_settings({}).values.limit_public_per_address, 10'000);
  EXPECT_EQ(load_settings({{"NXG_LIMIT_PUBLIC", "7"}}).values.limit_public_per_address, 7);
  const auto key = std::string(43, 'k');
  EXPECT_EQ(load_settings({{"NXG_ENV", "production"}, {"NXG_MASTER_KEY", key}}).values.limit_public_per_address, 100);
}

TEST(settings, every_problem_is_named_at_once) {
  const auto text =
      refusal({{"NXG_PORT", "seventy"}, {"NXG_ENV", "staging"}, {"NXG_MIGRATE", "yes"}, {"NXG_ADMIN_PORT", "70000"}});
  EXPECT_THAT(text, HasSubstr("NXG_PORT: 'seventy' is not a whole number"));
  EXPECT_THAT(text, HasSubstr("NXG_ENV: 'staging' is none of development, test, production"));
  EXPECT_THAT(text, HasSubstr("NXG_MIGRATE: 'yes' is neither true nor false"));
  EXPECT_THAT(text, HasSubstr("NXG_ADMIN_PORT: 70000 is not between 0 and 65535"));
}

TEST(settings, an_unknown_name_is_a_warning_with_the_nearest_known_one) {
  const auto loaded = load_settings({{"NXG_PROT", "1"}});
  ASSERT_EQ(loaded.warnings.size(), 1u);
  EXPECT_EQ(loaded.warnings[0], "NXG_PROT is no setting; did you mean NXG_PORT?");
}

TEST(settings, production_refuses_missing_secrets_and_plain_http) {
  const auto text =
      refusal({{"NXG_ENV", "production"}, {"NXG_WPS_URL", "http://plans.example"}, {"NXG_WPS_API_KEY", "sandbox"}});
  EXPECT_THAT(text, HasSubstr("NXG_MASTER_KEY: required in production"));
  EXPECT_THAT(text, HasSubstr("NXG_WPS_API_KEY"));
  EXPECT_THAT(text, HasSubstr("NXG_WPS_URL: production needs an https address"));
}

TEST(settings, a_secret_may_come_from_a_file_and_never_appears_in_an_error) {
  const runtime::temporary_folder folder{"settings"};
  const auto path = (folder.path() / "secret").string();
  std::ofstream{path} << "from the file\n";
  EXPECT_EQ(load_settings({{"NXG_WPS_API_KEY_FILE", path}}).values.wps_api_key, "from the file");
  EXPECT_THAT(refusal({{"NXG_WPS_API_KEY_FILE", path}, {"NXG_WPS_API_KEY", "direct"}}),
              Not(HasSubstr("from the file")));
  std::filesystem::remove(path);
  EXPECT_THAT(refusal({{"NXG_WPS_API_KEY_FILE", path}}), HasSubstr("cannot read"));
}

TEST(settings, an_object_store_needs_all_that_belongs_to_it) {
  const auto text = refusal({{"NXG_S3_URL", "http://127.0.0.1"}, {"NXG_CLOUDFRONT_URL", "https://d1.cloudfront.net"}});
  EXPECT_THAT(text, HasSubstr("NXG_S3_BUCKET"));
  EXPECT_THAT(text, HasSubstr("NXG_S3_SECRET_KEY"));
  EXPECT_THAT(text, HasSubstr("NXG_CLOUDFRONT_PRIVATE_KEY"));
}

}  // namespace
}  // namespace nxg::app
